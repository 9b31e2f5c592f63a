import { isPagePath, pageLoads } from "./app/page-loads.ts";

// The page that the address asks for is on its way beside what every page stands on, and not behind it. Should that fail, the frame says so.
const asked = `/${location.pathname.split("/")[1]}`;
if (isPagePath(asked)) pageLoads[asked]().catch(() => {});

const { start } = await import("./start.tsx");
await start();
