// Builds nodes with createElement and text nodes from a fixed list; no value ever becomes markup.
const NAMES = new Set(("a article aside b caption code dd details div dl dt figcaption figure h2 h3 h4 header hr " +
  "li nav ol p path polyline line circle rect section small span strong summary svg table tbody td tfoot th thead title tr ul pre").split(" "))
const SVG = new Set("svg path polyline line circle rect title".split(" "))
const ATTRIBUTES = new Set(("class href id role scope colspan tabindex open d points x y x1 x2 y1 y2 cx cy r width height " +
  "viewBox preserveAspectRatio vector-effect focusable datetime lang").split(" "))
const allowed = (name) => ATTRIBUTES.has(name) || name.startsWith("aria-") || name.startsWith("data-")
const STYLES = new Set(["left", "top", "width"])

function build(item) {
  if (!Array.isArray(item)) return document.createTextNode(String(item))
  const [name, attributes, children] = item
  if (!NAMES.has(name)) throw new Error(`no such node: ${name}`)
  const made = SVG.has(name)
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("at-")) {
      if (STYLES.has(key.slice(3))) made.style[key.slice(3)] = `${Number(value)}%`
    } else if (allowed(key) && (key !== "href" || /^\/(?!\/)|^#/.test(value))) {
      made.setAttribute(key, value)
    }
  }
  made.append(...children.map(build))
  return made
}

const isPlain = (event) =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey

export default function ({ data, parentElement, setTriggerValue }) {
  const text = JSON.stringify(data.root)
  let host = parentElement.querySelector(":scope > .pw-host")
  if (!host) {
    host = document.createElement("div")
    host.className = "pw-host"
    parentElement.append(host)
  }
  if (host.pwShown !== text) {
    host.replaceChildren(build(data.root))
    host.pwShown = text
  }
  host.onclick = (event) => {
    const link = event.target.closest("a[href^='/']")
    if (!link || !isPlain(event)) return
    event.preventDefault()
    setTriggerValue("go", link.getAttribute("href"))
  }
}
