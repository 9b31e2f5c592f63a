export { listNotices, type Notice, type NoticesPage, notify } from "./notice.ts";
