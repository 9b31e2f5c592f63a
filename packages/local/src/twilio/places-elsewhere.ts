import type { Area, Place } from "./countries.ts";

const area = (prefix: string, digits: number, format: string, locality?: string, more: Place = {}): Area => ({
  prefix,
  digits,
  format,
  place: { ...(locality !== undefined && { locality }), ...more },
});

// Where a regulator keeps numbers for films and books (Ofcom, ARCEP, ACMA, Bundesnetzagentur, PTS), these are they.
export const GB_LOCAL: readonly Area[] = [
  area("2079460", 3, "0## #### ####", "London", { region: "England" }),
  area("1214960", 3, "0### ### ####", "Birmingham", { region: "England" }),
  area("1614960", 3, "0### ### ####", "Manchester", { region: "England" }),
  area("1134960", 3, "0### ### ####", "Leeds", { region: "England" }),
  area("1174960", 3, "0### ### ####", "Bristol", { region: "England" }),
  area("1514960", 3, "0### ### ####", "Liverpool", { region: "England" }),
  area("1314960", 3, "0### ### ####", "Edinburgh", { region: "Scotland" }),
  area("1414960", 3, "0### ### ####", "Glasgow", { region: "Scotland" }),
  area("2920180", 3, "0## #### ####", "Cardiff", { region: "Wales" }),
  area("2896496", 3, "0## #### ####", "Belfast", { region: "Northern Ireland" }),
];
export const GB_MOBILE: readonly Area[] = [area("7700900", 3, "0#### ######")];
export const GB_NATIONAL: readonly Area[] = [area("3069990", 3, "0### ### ####")];
export const GB_TOLL_FREE: readonly Area[] = [area("8081570", 3, "0### ### ####")];

export const IE_LOCAL: readonly Area[] = [
  area("1555", 4, "0# ### ####", "Dublin", { region: "Leinster" }),
  area("21555", 4, "0## ### ####", "Cork", { region: "Munster" }),
  area("91555", 3, "0## ######", "Galway", { region: "Connacht" }),
];
export const IE_NATIONAL: readonly Area[] = [area("76555", 4, "0## ### ####")];

export const DE_LOCAL: readonly Area[] = [
  area("3023125", 3, "0## ########", "Berlin", { region: "Berlin" }),
  area("4066969", 3, "0## ########", "Hamburg", { region: "Hamburg" }),
  area("8999998", 3, "0## ########", "München", { region: "Bayern" }),
  area("6990009", 3, "0## ########", "Frankfurt am Main", { region: "Hessen" }),
  area("2214710", 3, "0### #######", "Köln", { region: "Nordrhein-Westfalen" }),
];
export const DE_MOBILE: readonly Area[] = [area("15228", 6, "0#### #######")];

export const FR_LOCAL: readonly Area[] = [
  area("19900", 4, "0# ## ## ## ##", "Paris", { region: "Île-de-France" }),
  area("26191", 4, "0# ## ## ## ##", "Nantes", { region: "Pays de la Loire" }),
  area("35301", 4, "0# ## ## ## ##", "Strasbourg", { region: "Grand Est" }),
  area("46571", 4, "0# ## ## ## ##", "Lyon", { region: "Auvergne-Rhône-Alpes" }),
  area("53649", 4, "0# ## ## ## ##", "Bordeaux", { region: "Nouvelle-Aquitaine" }),
];
export const FR_MOBILE: readonly Area[] = [area("63998", 4, "0# ## ## ## ##")];

export const SE_LOCAL: readonly Area[] = [
  area("8465004", 2, "0# ### ### ##", "Stockholm", { region: "Stockholm" }),
  area("3139006", 2, "0##-### ## ##", "Göteborg", { region: "Västra Götaland" }),
  area("4062804", 2, "0##-### ## ##", "Malmö", { region: "Skåne" }),
];
export const SE_MOBILE: readonly Area[] = [area("7017406", 2, "0##-### ## ##")];

export const AU_LOCAL: readonly Area[] = [
  area("25550", 4, "(0#) #### ####", "Sydney", { region: "NSW" }),
  area("35550", 4, "(0#) #### ####", "Melbourne", { region: "VIC" }),
  area("75550", 4, "(0#) #### ####", "Brisbane", { region: "QLD" }),
  area("85550", 4, "(0#) #### ####", "Perth", { region: "WA" }),
];
export const AU_MOBILE: readonly Area[] = [area("491570", 3, "0### ### ###")];
export const AU_TOLL_FREE: readonly Area[] = [area("1800975", 3, "#### ### ###")];

export const IN_LOCAL: readonly Area[] = [
  area("226555", 4, "0## #### ####", "Mumbai", { region: "Maharashtra" }),
  area("116555", 4, "0## #### ####", "New Delhi", { region: "Delhi" }),
  area("806555", 4, "0## #### ####", "Bengaluru", { region: "Karnataka" }),
  area("446555", 4, "0## #### ####", "Chennai", { region: "Tamil Nadu" }),
  area("406555", 4, "0## #### ####", "Hyderabad", { region: "Telangana" }),
];
export const IN_TOLL_FREE: readonly Area[] = [area("1800555", 3, "#### ### ###")];

export const JP_NATIONAL: readonly Area[] = [area("505555", 4, "0##-####-####")];
export const JP_LOCAL: readonly Area[] = [
  area("35555", 4, "0#-####-####", "Tokyo", { region: "Tokyo" }),
  area("65555", 4, "0#-####-####", "Osaka", { region: "Osaka" }),
];
export const JP_TOLL_FREE: readonly Area[] = [area("800555", 4, "0###-###-####")];

export const BR_LOCAL: readonly Area[] = [
  area("115555", 4, "(##) ####-####", "São Paulo", { region: "SP" }),
  area("215555", 4, "(##) ####-####", "Rio de Janeiro", { region: "RJ" }),
];
export const BR_TOLL_FREE: readonly Area[] = [area("8005550", 3, "0### ### ####")];
