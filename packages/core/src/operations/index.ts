export { type QuarantinePage, quarantinePage } from "./quarantine.ts";
export { type AdjustWallet, adjustWallet, freezeWallet, requireWallet, unfreezeWallet } from "./wallet.ts";
