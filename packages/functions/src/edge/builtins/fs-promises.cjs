module.exports = Object.create(process.getBuiltinModule("node:fs/promises"));
