// Language, one polite status region, focus on the h1 after a change of page.
const WAIT_MS = 50
const TRIES = 80

function region() {
  let found = document.getElementById("pw-announcements")
  if (!found) {
    found = document.createElement("div")
    found.id = "pw-announcements"
    found.className = "pw-hidden"
    found.setAttribute("role", "status")
    found.setAttribute("aria-live", "polite")
    const main = document.querySelector("main") ?? document.body
    main.append(found)
  }
  return found
}

function focusHeading(tries = TRIES) {
  const heading = document.querySelector("main h1")
  const app = document.querySelector("[data-testid=stApp]")
  if (heading && app?.dataset.testScriptState === "notRunning") {
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  } else if (tries > 0) setTimeout(() => focusHeading(tries - 1), WAIT_MS)
}

export default function ({ data }) {
  document.documentElement.lang = data.language
  if (data.person)
    document.cookie = `${data.cookie}=${encodeURIComponent(data.person)}; path=/; SameSite=Strict`
  if (data.chosenLanguage)
    document.cookie = `${data.languageCookie}=${data.chosenLanguage}; path=/; max-age=31536000; SameSite=Strict`
  const status = region()
  if (data.count && window.pwAnnounced !== data.count) {
    window.pwAnnounced = data.count
    status.textContent = data.text
  }
  if (window.pwPage !== undefined && window.pwPage !== data.page) focusHeading()
  window.pwPage = data.page
}
