import type { Plugin } from "vite";

const IMPORT = /import\s*\{([^}]*)\}\s*from\s*"@tabler\/icons-react";/g;

/** Takes each icon from its own file: the package's index would have the build read thousands that nobody uses. */
export function iconImports(): Plugin {
  return {
    name: "aira-icon-imports",
    // The dev server puts the whole package into one file, once.
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!/\.tsx?$/.test(id) || !code.includes('from "@tabler/icons-react"')) return undefined;
      return code.replace(IMPORT, (_, names: string) =>
        names
          .split(",")
          .map((name) => name.trim())
          .filter((name) => name !== "" && !name.startsWith("type "))
          .map((name) => `import ${name} from "@tabler/icons-react/dist/esm/icons/${name}.mjs";`)
          .join(" "),
      );
    },
  };
}
