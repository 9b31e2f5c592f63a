import { byId, element, showList, timeOf } from "./elements.js";
import { showPhone, startPhone } from "./phone.js";
import { follow } from "./sandbox.js";
import { showTexts, startTexts } from "./texts.js";

function showNumbers(numbers) {
  byId("numbers-none").hidden = numbers.length > 0;
  showList(
    byId("numbers"),
    numbers,
    ({ phoneNumber, name, voiceUrl, smsUrl }) => `${phoneNumber} ${name} ${voiceUrl} ${smsUrl}`,
    ({ phoneNumber, name, voice, sms, voiceUrl, smsUrl }) => {
      const takes = [voice && `calls to ${voiceUrl || "nowhere"}`, sms && `texts to ${smsUrl || "nowhere"}`].filter(Boolean).join(", ");
      return element("li", {}, element("strong", {}, phoneNumber), ` ${name}`, element("div", { className: "meta" }, takes));
    },
  );
}

function showAlerts(alerts) {
  byId("alerts-title").hidden = alerts.length === 0;
  showList(
    byId("alerts"),
    alerts.toReversed(),
    ({ atMs, code, sid }) => `${atMs} ${code} ${sid}`,
    ({ atMs, code, message, url }) =>
      element("li", { className: "wrong" }, `${code}: ${message}`, element("div", { className: "meta" }, `${timeOf(atMs)}, ${url}`)),
  );
}

startPhone();
startTexts();
follow((feed) => {
  showPhone(feed);
  showTexts(feed);
  showNumbers(feed.numbers);
  showAlerts(feed.alerts);
});
