import { defineCatalogue } from "../../i18n/catalogue.ts";

export const welcomeMessages = defineCatalogue(
  {
    page: "Sign in",
    title: "Every cent explained.",
    lead: "A prepaid wallet for phone numbers, calls and texts. Add money in US dollars or Indian rupees, and see every change of your balance with its reason.",
    signIn: "Sign in",
    opening: "Opening sign-in…",
    expiredTitle: "Your session has ended",
    expiredLead: "For your safety, sessions end after a while. Sign in to go on exactly where you were: nothing that you began is lost.",
    signInAgain: "Sign in and go on",
    points: {
      credit: "Credited exactly once",
      creditDetail: "A payment arrives within seconds of Stripe's confirmation. Never twice.",
      held: "Held money stays yours",
      heldDetail: "What a call or a purchase may cost is set aside; what it did not cost comes back.",
      statement: "A statement that adds up",
      statementDetail: "Each entry shows the balance after it, and can be followed to its cause.",
    },
    docs: "For developers: the API reference",
  },
  {
    page: "साइन इन",
    title: "हर पैसे का हिसाब।",
    lead: "फ़ोन नंबर, कॉल और संदेशों के लिए प्रीपेड वॉलेट। अमेरिकी डॉलर या भारतीय रुपये जोड़ें और शेष राशि का हर बदलाव कारण सहित देखें।",
    signIn: "साइन इन करें",
    opening: "साइन इन खुल रहा है…",
    expiredTitle: "आपका सत्र समाप्त हो गया है",
    expiredLead: "सुरक्षा के लिए सत्र कुछ समय बाद समाप्त हो जाता है। साइन इन करके ठीक वहीं से जारी रखें: आपका शुरू किया कुछ भी खोया नहीं है।",
    signInAgain: "साइन इन करके जारी रखें",
    points: {
      credit: "ठीक एक बार जमा",
      creditDetail: "Stripe की पुष्टि के कुछ ही पलों में भुगतान जमा होता है। कभी दो बार नहीं।",
      held: "रोकी गई राशि आपकी ही है",
      heldDetail: "कॉल या खरीद की संभावित लागत अलग रखी जाती है; जो नहीं लगी, वह लौट आती है।",
      statement: "विवरण जो मेल खाता है",
      statementDetail: "हर प्रविष्टि अपने बाद का शेष दिखाती है और उसके कारण तक पहुँचा जा सकता है।",
    },
    docs: "डेवलपर के लिए: API संदर्भ",
  },
);
