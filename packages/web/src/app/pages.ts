import { type Icon, IconBook2, IconDeviceLandlinePhone, IconMessages, IconShieldCog, IconSparkles, IconWallet } from "@tabler/icons-react";
import type { PageName } from "./messages.ts";
import type { PagePath } from "./page-loads.ts";

/** A page of the dashboard: one folder below routes/, loaded when it is first opened. */
export interface Page {
  /** Its address; everything below it is the page's own. */
  readonly path: PagePath;
  readonly name: PageName;
  readonly icon: Icon;
  /** `customer`: whoever has signed in; `operators`: that group of the token; `anybody`: also who has not. */
  readonly access: "anybody" | "customer" | "operators";
  /** Whether the navigation leads there. */
  readonly listed: boolean;
}

/** In the order of the navigation. */
export const pages: readonly Page[] = [
  { path: "/funds", name: "funds", icon: IconWallet, access: "customer", listed: true },
  { path: "/numbers", name: "numbers", icon: IconDeviceLandlinePhone, access: "customer", listed: true },
  { path: "/conversations", name: "conversations", icon: IconMessages, access: "customer", listed: true },
  { path: "/assistant", name: "assistant", icon: IconSparkles, access: "customer", listed: true },
  { path: "/operator", name: "operator", icon: IconShieldCog, access: "operators", listed: true },
  { path: "/docs", name: "docs", icon: IconBook2, access: "anybody", listed: false },
];
