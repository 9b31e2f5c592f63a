export { tellLowBalance } from "./low-balance.ts";
export { listNotices, type Notice, type NoticesPage, notify } from "./notice.ts";
