import { TwilioFault } from "./fault.ts";
import type { Form } from "./form.ts";

const DEFAULT_SIZE = 50;
const MAX_SIZE = 1000;

interface Window<T> {
  readonly items: readonly T[];
  readonly page: number;
  readonly size: number;
  readonly start: number;
  /** The token of the next page, if there is one. */
  readonly next: string | undefined;
}

function sizeOf(form: Form): number {
  const text = form.get("PageSize");
  if (text === null || text === "") return DEFAULT_SIZE;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new TwilioFault(20001, `PageSize is invalid: ${text.slice(0, 20)}`);
  if (Number(text) > MAX_SIZE) throw new TwilioFault(20007);
  return Number(text);
}

function pageOf(form: Form): number {
  const text = form.get("Page");
  if (text === null || text === "") return 0;
  if (!/^\d{1,9}$/.test(text)) throw new TwilioFault(20001, `Page is invalid: ${text.slice(0, 20)}`);
  return Number(text);
}

/** The part behind a SID's prefix: what SIDs are ordered by. */
const orderOf = (sid: string) => sid.slice(2);

/** One page of a list that is newest first. A token says behind which SID to go on, so that a page stays right while others come and go. */
function windowOf<T extends { readonly sid: string }>(all: readonly T[], form: Form): Window<T> {
  const size = sizeOf(form);
  const page = pageOf(form);
  const token = form.get("PageToken")?.replace(/^P[AB]/, "");
  const rest = token === undefined || token === "" ? all.slice(page * size) : all.filter(({ sid }) => orderOf(sid) < orderOf(token));
  const items = rest.slice(0, size);
  const last = items.at(-1);
  return { items, page, size, start: page * size, next: rest.length > size && last ? `PA${last.sid}` : undefined };
}

/** The query of a list, page and size replaced. */
function queryOf(form: Form, page: number, size: number, token?: string): string {
  const query = new URLSearchParams(form);
  for (const name of ["Page", "PageSize", "PageToken"]) query.delete(name);
  query.set("PageSize", String(size));
  query.set("Page", String(page));
  if (token !== undefined) query.set("PageToken", token);
  return query.toString();
}

/** A list as the 2010 API answers it. */
export function listPage<T extends { readonly sid: string }>(key: string, all: readonly T[], path: string, form: Form): object {
  const { items, page, size, start, next } = windowOf(all, form);
  return {
    [key]: items,
    first_page_uri: `${path}?${queryOf(form, 0, size)}`,
    next_page_uri: next === undefined ? null : `${path}?${queryOf(form, page + 1, size, next)}`,
    previous_page_uri: page === 0 ? null : `${path}?${queryOf(form, page - 1, size)}`,
    page,
    page_size: size,
    start,
    end: Math.max(start, start + items.length - 1),
    uri: `${path}?${queryOf(form, page, size)}`,
  };
}

/** A list as the younger APIs answer it; `url` is absolute. Its pages are counted, for what is listed here doesn't change. */
export function metaPage(key: string, all: readonly object[], url: string, form: Form): object {
  const size = sizeOf(form);
  const page = pageOf(form);
  const items = all.slice(page * size, (page + 1) * size);
  const at = (number: number) => `${url}?${queryOf(form, number, size)}`;
  return {
    [key]: items,
    meta: {
      key,
      page,
      page_size: size,
      url: at(page),
      first_page_url: at(0),
      previous_page_url: page === 0 ? null : at(page - 1),
      next_page_url: (page + 1) * size < all.length ? at(page + 1) : null,
    },
  };
}
