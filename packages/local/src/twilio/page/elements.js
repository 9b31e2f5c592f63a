/** An element of the page by its id. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** A new element. Texts are texts: nothing that a caller says becomes markup. */
export function element(name, properties = {}, ...children) {
  const { dataset = {}, ...rest } = properties;
  const made = Object.assign(document.createElement(name), rest);
  Object.assign(made.dataset, dataset);
  made.append(...children);
  return made;
}

/** Shows a list by its keys: what stands there and hasn't changed stays, so that nothing is read out twice, and no sound stops. */
export function showList(list, items, keyOf, make) {
  const known = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => {
    const key = keyOf(item);
    const there = known.get(key);
    if (there) return there;
    const made = make(item);
    made.dataset.key = key;
    return made;
  });
  const same = wanted.length === list.children.length && wanted.every((child, index) => child === list.children[index]);
  if (same) return false;
  const kept = new Set(wanted);
  for (const child of [...list.children]) if (!kept.has(child)) child.remove();
  for (const [index, child] of wanted.entries()) if (list.children[index] !== child) list.insertBefore(child, list.children[index] ?? null);
  return true;
}

/** Shows these options and keeps what was chosen, if it is still there. */
export function showOptions(select, options) {
  const changed = showList(
    select,
    options,
    ({ value, label }) => `${value} ${label}`,
    ({ value, label }) => element("option", { value }, label),
  );
  if (changed && select.selectedIndex === -1) select.selectedIndex = 0;
}

export const timeOf = (ms) => new Date(ms).toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
