import type { ErrorCode } from "@aira/contract";
import { defineCatalogue } from "../i18n/catalogue.ts";

export const problemMessages = defineCatalogue(
  {
    unreachable: "Aira cannot be reached",
    unreachableDetail: "Check the connection and try again.",
    timedOut: "No answer yet",
    timedOutDetail: "Aira took too long to answer. It is safe to try again.",
    sessionEnded: "Your session has ended",
    sessionEndedDetail: "Sign in again to go on where you were.",
    failed: "This page failed",
    failedDetail: "Something in the page itself went wrong. Loading it again may help.",
    request: "Request",
    retry: "Try again",
    reload: "Load the page again",
  },
  {
    unreachable: "Aira तक पहुँचा नहीं जा सका",
    unreachableDetail: "अपना कनेक्शन जाँचें और फिर कोशिश करें।",
    timedOut: "अभी तक कोई उत्तर नहीं",
    timedOutDetail: "Aira ने उत्तर देने में बहुत समय लिया। फिर कोशिश करना सुरक्षित है।",
    sessionEnded: "आपका सत्र समाप्त हो गया है",
    sessionEndedDetail: "जहाँ थे वहीं से जारी रखने के लिए फिर साइन इन करें।",
    failed: "यह पेज ठीक से नहीं चला",
    failedDetail: "पेज में ही कुछ गड़बड़ हुई। इसे फिर लोड करने से मदद मिल सकती है।",
    request: "अनुरोध",
    retry: "फिर कोशिश करें",
    reload: "पेज फिर लोड करें",
  },
);

/** The titles of problem documents in Hindi. One that is not here is shown as the API says it. */
export const HINDI_TITLES: Partial<Record<ErrorCode, string>> = {
  "request.invalid": "अनुरोध मान्य नहीं है",
  "cursor.invalid": "यह सूची बदल गई है",
  "auth.required": "साइन इन करना आवश्यक है",
  "auth.forbidden": "आपको इसकी अनुमति नहीं है",
  "idempotency.in_progress": "पहला अनुरोध अभी चल रहा है",
  "idempotency.key_reused": "यह अनुरोध अलग शर्तों पर पहले किया जा चुका है",
  "wallet.insufficient_funds": "वॉलेट में पर्याप्त पैसे नहीं हैं",
  "wallet.restricted": "ऋणात्मक शेष चुकाने तक वॉलेट सीमित है",
  "wallet.frozen": "वॉलेट रोका गया है",
  "wallet.not_found": "ऐसा कोई वॉलेट नहीं है",
  "wallet.busy": "वॉलेट अभी व्यस्त है",
  "service.busy": "सेवा अभी व्यस्त है",
  "operation.conflict": "यह काम पहले ही अन्य शर्तों पर हो चुका है",
  "top_up.not_found": "ऐसा कोई टॉप-अप नहीं है",
  "top_up.expired": "इस टॉप-अप का समय समाप्त हो गया है",
  "quarantine.not_found": "ऐसी कोई विसंगति नहीं है",
  "queue.not_found": "ऐसी कोई कतार नहीं है",
  "payment_provider.refused": "भुगतान सेवा ने अनुरोध अस्वीकार किया",
  "payment_provider.unavailable": "भुगतान सेवा उपलब्ध नहीं है",
  "outcome.unknown": "परिणाम अभी ज्ञात नहीं है",
  "internal.failure": "हमारी ओर कुछ गड़बड़ हुई",
};
