import type { Client } from "@aira/contract/client";

/** What the operations on numbers take and answer. */
export type NumberView = Awaited<ReturnType<Client["getNumber"]>>;
export type NumberSettings = NumberView["settings"];
export type SettingsPatch = NonNullable<Parameters<Client["updateNumber"]>[0]["body"]>;
export type Price = NumberView["price"];
export type SearchResult = Awaited<ReturnType<Client["searchNumbers"]>>;
export type AvailableNumber = SearchResult["numbers"][number];
export type SearchQuery = Parameters<Client["searchNumbers"]>[0]["query"];
export type PurchaseTerms = Parameters<Client["purchaseNumber"]>[0]["body"];

/** What one can decide to buy: a search's result, or what the assistant proposed, which knows less. */
export type Offer = Pick<AvailableNumber, "phoneNumber" | "country" | "type" | "price"> &
  Partial<Pick<AvailableNumber, "locality" | "region" | "capabilities" | "addressRequirement">>;
