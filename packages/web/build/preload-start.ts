import type { Plugin, Rolldown } from "vite";

const START = /[\\/]src[\\/]start\.tsx$/;

type Bundle = Readonly<Record<string, Rolldown.OutputChunk | Rolldown.OutputAsset>>;

/** Has the browser fetch what every page stands on beside the first script, which asks for it only once it runs. */
export function preloadStart(): Plugin {
  return {
    name: "aira-preload-start",
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle }) => (bundle ? [...filesOf(bundle)].filter((name) => !html.includes(name)).map(tagOf) : []),
    },
  };
}

/** The chunk that begins the dashboard, those that it stands on, and the styles of all of them. */
function filesOf(bundle: Bundle): Set<string> {
  const found = new Set<string>();
  const follow = (name: string) => {
    const chunk = bundle[name];
    if (found.has(name) || chunk?.type !== "chunk") return;
    found.add(name);
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
    chunk.imports.forEach(follow);
  };
  for (const [name, chunk] of Object.entries(bundle)) if (chunk.type === "chunk" && START.test(chunk.facadeModuleId ?? "")) follow(name);
  return found;
}

const tagOf = (name: string) => ({
  tag: "link",
  attrs: { rel: name.endsWith(".css") ? "stylesheet" : "modulepreload", crossorigin: true, href: `/${name}` },
  injectTo: "head" as const,
});
