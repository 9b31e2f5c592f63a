module.exports = Object.create(process.getBuiltinModule("node:timers/promises"));
