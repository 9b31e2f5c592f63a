import type { Area } from "./countries.ts";

type Row = readonly [
  areaCode: string,
  locality: string,
  region: string,
  rateCenter: string,
  latitude: string,
  longitude: string,
  postalCode: string,
  lata: string,
];

// Exchange 555 is assigned to nobody, so no number here is a living person's.
const area = ([areaCode, locality, region, rateCenter, latitude, longitude, postalCode, lata]: Row): Area => ({
  prefix: `${areaCode}555`,
  digits: 4,
  format: "(###) ###-####",
  place: { locality, region, rateCenter, latitude, longitude, postalCode, lata },
});

const UNITED_STATES: readonly Row[] = [
  ["212", "New York", "NY", "NWYRCYZN01", "40.758900", "-73.985100", "10036", "132"],
  ["718", "Brooklyn", "NY", "NWYRCYZN06", "40.678200", "-73.944200", "11213", "132"],
  ["415", "San Francisco", "CA", "SNFC CNTRL", "37.774900", "-122.419400", "94102", "722"],
  ["510", "Oakland", "CA", "OKLD MN-PD", "37.804400", "-122.271200", "94612", "722"],
  ["408", "San Jose", "CA", "SNJS WEST", "37.338200", "-121.886300", "95113", "722"],
  ["213", "Los Angeles", "CA", "LSAN DA 01", "34.052200", "-118.243700", "90012", "730"],
  ["310", "Santa Monica", "CA", "SNMN SNMN", "34.019500", "-118.491200", "90401", "730"],
  ["619", "San Diego", "CA", "SNDG SNDG", "32.715700", "-117.161100", "92101", "732"],
  ["206", "Seattle", "WA", "SEATTLE", "47.606200", "-122.332100", "98101", "674"],
  ["503", "Portland", "OR", "PORTLAND", "45.515200", "-122.678400", "97204", "672"],
  ["303", "Denver", "CO", "DENVER", "39.739200", "-104.990300", "80202", "656"],
  ["512", "Austin", "TX", "AUSTIN", "30.267200", "-97.743100", "78701", "558"],
  ["214", "Dallas", "TX", "DALLAS", "32.776700", "-96.797000", "75201", "552"],
  ["713", "Houston", "TX", "HOUSTON", "29.760400", "-95.369800", "77002", "560"],
  ["312", "Chicago", "IL", "CHICAGZN01", "41.878100", "-87.629800", "60602", "358"],
  ["617", "Boston", "MA", "BOSTON", "42.360100", "-71.058900", "02108", "128"],
  ["215", "Philadelphia", "PA", "PHLADLZN01", "39.952600", "-75.165200", "19107", "228"],
  ["202", "Washington", "DC", "WSHNGTNZN1", "38.907200", "-77.036900", "20005", "236"],
  ["305", "Miami", "FL", "MIAMI", "25.761700", "-80.191800", "33130", "460"],
  ["407", "Orlando", "FL", "ORLANDO", "28.538300", "-81.379200", "32801", "458"],
  ["404", "Atlanta", "GA", "ATLANTA", "33.749000", "-84.388000", "30303", "438"],
  ["702", "Las Vegas", "NV", "LAS VEGAS", "36.169900", "-115.139800", "89101", "721"],
  ["602", "Phoenix", "AZ", "PHOENIX", "33.448400", "-112.074000", "85003", "666"],
  ["612", "Minneapolis", "MN", "TWINCITIES", "44.977800", "-93.265000", "55401", "628"],
  ["313", "Detroit", "MI", "DETROITZN1", "42.331400", "-83.045800", "48226", "340"],
  ["216", "Cleveland", "OH", "CLEVELAND", "41.499300", "-81.694400", "44113", "320"],
  ["615", "Nashville", "TN", "NASHVILLE", "36.162700", "-86.781600", "37203", "470"],
  ["504", "New Orleans", "LA", "NEWORLEANS", "29.951100", "-90.071500", "70112", "490"],
  ["801", "Salt Lake City", "UT", "SALT LAKE", "40.760800", "-111.891000", "84101", "660"],
  ["808", "Honolulu", "HI", "HONOLULU", "21.306900", "-157.858300", "96813", "834"],
];

const CANADA: readonly Row[] = [
  ["416", "Toronto", "ON", "TORONTO", "43.653200", "-79.383200", "M5H", "888"],
  ["613", "Ottawa", "ON", "OTTAWAHULL", "45.421500", "-75.697200", "K1P", "888"],
  ["514", "Montréal", "QC", "MONTREAL", "45.501700", "-73.567300", "H2Y", "888"],
  ["604", "Vancouver", "BC", "VANCOUVER", "49.282700", "-123.120700", "V6B", "888"],
  ["403", "Calgary", "AB", "CALGARY", "51.044700", "-114.071900", "T2P", "888"],
  ["780", "Edmonton", "AB", "EDMONTON", "53.546100", "-113.493800", "T5J", "888"],
  ["204", "Winnipeg", "MB", "WINNIPEG", "49.895100", "-97.138400", "R3C", "888"],
  ["902", "Halifax", "NS", "HALIFAX", "44.648800", "-63.575200", "B3J", "888"],
];

const tollFree = (codes: readonly string[]): readonly Area[] =>
  codes.map((code) => ({ prefix: `${code}555`, digits: 4, format: "(###) ###-####", place: {} }));

export const US_LOCAL: readonly Area[] = UNITED_STATES.map(area);
export const CA_LOCAL: readonly Area[] = CANADA.map(area);
// The toll-free codes belong to both countries; each is sold in one of them here, so that a number has one owner.
export const US_TOLL_FREE: readonly Area[] = tollFree(["888", "877", "866", "855"]);
export const CA_TOLL_FREE: readonly Area[] = tollFree(["844", "833"]);
