// Pulumi loads a pack by `require`, and passes no options to Node. The pack itself is TypeScript, like the program.
module.exports = import("tsx/esm/api").then(({ register }) => {
  register();
  return import("./pack.ts");
});
