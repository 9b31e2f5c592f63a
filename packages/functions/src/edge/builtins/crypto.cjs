module.exports = Object.create(process.getBuiltinModule("node:crypto"));
