// A text area that commits after a pause and on blur. Values only through .value and textContent.
const drafts = {
  read: (name) => { try { return sessionStorage.getItem(name) } catch { return null } },
  write: (name, text) => { try { sessionStorage.setItem(name, text) } catch { /* private mode */ } },
  drop: (name) => { try { sessionStorage.removeItem(name) } catch { /* private mode */ } },
}

function made(tag, kind, parent) {
  const element = document.createElement(tag)
  element.className = kind
  parent.append(element)
  return element
}

function create(root) {
  const box = made("div", "pw-area", root)
  const label = made("label", "pw-area-label", box)
  const hint = made("p", "pw-hint", box)
  const area = made("textarea", "pw-area-input", box)
  const offer = made("div", "pw-area-offer", box)
  area.id = `pw-area-${Math.random().toString(36).slice(2)}`
  hint.id = `${area.id}-hint`
  label.htmlFor = area.id
  return { box, label, hint, area, offer, sent: null, timer: null }
}

function offerDraft(state, draft) {
  state.offer.replaceChildren()
  state.offer.setAttribute("role", "group")
  state.offer.setAttribute("aria-label", state.data.words.found)
  made("p", "", state.offer).textContent = state.data.words.found
  const button = (text, act) => {
    const element = made("button", "pw-button", state.offer)
    element.type = "button"
    element.textContent = text
    element.onclick = () => { state.offer.replaceChildren(); state.offer.removeAttribute("role"); act(); state.area.focus() }
  }
  button(state.data.words.restore, () => { state.area.value = draft; commit(state) })
  button(state.data.words.discard, () => drafts.drop(state.name))
}

function commit(state) {
  clearTimeout(state.timer)
  if (state.area.disabled || state.area.value === state.sent) return
  state.sent = state.area.value
  state.send("value", state.area.value)
}

export default function ({ data, parentElement, setStateValue }) {
  const state = (parentElement.pwArea ??= create(parentElement))
  const isFirst = state.sent === null
  const previous = state.data?.value
  Object.assign(state, { data, send: setStateValue, name: `pw-draft:${data.draft}` })
  state.label.textContent = data.label
  state.label.classList.toggle("pw-hidden", !data.showLabel)
  state.hint.textContent = data.hint
  state.hint.hidden = !data.hint
  if (data.hint) state.area.setAttribute("aria-describedby", state.hint.id)
  state.area.rows = data.lines
  state.area.maxLength = data.longest
  state.area.disabled = data.disabled

  if (isFirst) {
    state.area.value = data.value
    state.sent = data.value
    const draft = drafts.read(state.name)
    if (draft !== null && draft !== data.value && !data.disabled) offerDraft(state, draft)
    else drafts.drop(state.name)
  } else if (data.value === state.area.value) {
    state.sent = data.value
    drafts.drop(state.name)
  } else if (data.value !== previous && state.area.value === state.sent) {
    state.area.value = data.value
    state.sent = data.value
  }

  state.area.oninput = () => {
    drafts.write(state.name, state.area.value)
    clearTimeout(state.timer)
    state.timer = setTimeout(() => commit(state), data.debounce)
  }
  state.area.onblur = () => commit(state)
  return () => clearTimeout(state.timer)
}
