import { element } from "./element.js";

/**
 * A row of radio buttons that looks like one control. Returns what selects a value from outside, without calling `onChange`.
 *
 * @param {HTMLElement} place
 * @param {string} name
 * @param {{ value: string, label: string, title?: string }[]} options
 * @param {(value: string) => void} onChange
 * @returns {(value: string) => void}
 */
export function segments(place, name, options, onChange) {
  const inputs = options.map(({ value }) =>
    element("input", { type: "radio", name, value, id: `${name}-${value || "all"}`, onchange: () => onChange(value) }),
  );
  place.replaceChildren(
    ...options.flatMap(({ label, title }, index) => {
      const input = /** @type {HTMLInputElement} */ (inputs[index]);
      return [input, element("label", { for: input.id, ...(title ? { title } : {}) }, label)];
    }),
  );
  return (value) => {
    for (const input of inputs) input.checked = input.value === value;
  };
}
