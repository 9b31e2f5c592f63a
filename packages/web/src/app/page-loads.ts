/** The code of each page, by the first part of its address. Nothing else stands here: it is asked for before all else has come. */
export const pageLoads = {
  "/funds": () => import("../routes/funds/index.tsx"),
  "/numbers": () => import("../routes/numbers/index.tsx"),
  "/conversations": () => import("../routes/conversations/index.tsx"),
  "/assistant": () => import("../routes/assistant/index.tsx"),
  "/operator": () => import("../routes/operator/index.tsx"),
  "/docs": () => import("../routes/docs/index.tsx"),
} as const;

export type PagePath = keyof typeof pageLoads;

export const isPagePath = (path: string): path is PagePath => Object.hasOwn(pageLoads, path);
