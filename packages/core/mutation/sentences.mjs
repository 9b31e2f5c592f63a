import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** Constructors and calls whose argument at this place is a sentence for people. */
const SENTENCE_AT = { AiraError: 1, InvariantError: 0, Error: 0, invariant: 1 };

/** Is this literal the sentence of an error? Codes, keys, kinds and descriptions in the statement are not: they are mutated. */
function isSentence({ node, parent, parentPath }) {
  if (node.type !== "StringLiteral" && node.type !== "TemplateLiteral") return false;
  if (parent?.type === "NewExpression" || parent?.type === "CallExpression")
    return parent.callee.type === "Identifier" && parent.arguments[SENTENCE_AT[parent.callee.name]] === node;
  // `SENTENCES` maps the codes of refusals to theirs; `errors` explains a field.
  if (parent?.type === "ObjectProperty" && parent.value === node) {
    if (parent.key.name === "detail" || parent.key.name === "rule") return true;
    return parentPath?.parentPath?.parent?.id?.name === "SENTENCES";
  }
  return false;
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, "sentences", {
    shouldIgnore: (path) => (isSentence(path) ? "a sentence for people" : undefined),
  }),
];
