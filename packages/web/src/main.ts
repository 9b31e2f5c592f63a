import { isPagePath, pageLoads } from "./app/page-loads.ts";

// The page that the address asks for is on its way beside what every page stands on, and not behind it.
const asked = `/${location.pathname.split("/")[1]}`;
if (isPagePath(asked)) void pageLoads[asked]();

const { start } = await import("./start.tsx");
await start();
