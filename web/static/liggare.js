// The pages work without this. It fetches what comes late, slides the two times, and tells when entries come.
const $ = (selector, within = document) => within.querySelector(selector)
const fetched = async (address, signal) => {
  const answer = await fetch(address, { signal, headers: { accept: "text/html" } })
  if (!answer.ok) throw new Error(answer.status)
  return new DOMParser().parseFromString(await answer.text(), "text/html")
}

// What comes late: what has changed since, and the findings.
let late = new AbortController(), calm = 0
function fillSoon(paper) { // not at each step of a slider: whoever moves on does not wait for what is late at the last place
  late.abort()
  clearTimeout(calm)
  calm = setTimeout(() => { $("link[media=print]").href = paper; $("#said").textContent = words($("h1") ?? $("main")); fill() }, 250)
}
async function fill() {
  late.abort()
  late = new AbortController()
  const places = document.querySelectorAll("[data-late]")
  if (!places.length) return
  try {
    const page = await fetched(places[0].dataset.late, late.signal)
    const changes = $("#changes", page), band = $(".band"), findings = $("#findings", page), beside = $(".beside")
    if (band && changes.children.length) { $("a", band)?.remove(); band.append(...changes.children) }
    if (beside) beside.replaceChildren(findings)
    mark()
  } catch (error) { if (error.name !== "AbortError") console.warn(error) }
}
// Marks the rows that are about what a finding is about, else those that rest on its entries, and leads to the finding.
function mark() {
  const rows = [...document.querySelectorAll("#answer > .table tbody tr:not(.group, .opened)")]
  for (const finding of document.querySelectorAll(".beside .finding")) {
    const entries = new Set(finding.dataset.entries.split(" ")), about = finding.dataset.about
    const named = rows.filter(row => about && $("a", row.cells[0])?.pathname === about)
    const resting = rows.filter(row => [...row.querySelectorAll("td.entry a")].some(link => entries.has(link.textContent)))
    for (const row of named.length ? named : resting) {
      const link = document.createElement("a"), said = $(".said", finding).textContent.trim()
      link.href = `#${finding.id}`
      link.className = "flag"
      link.title = said
      link.append(Object.assign(document.createElement("span"), { className: "unseen", textContent: said }))
      row.cells[0].append(" ", link)
      row.classList.add("found")
    }
  }
}

// An entry opens in place, beneath its row: its source, its fields, and what proves it. Its link leads to its own page
// where a browser is told to open it elsewhere, and where nothing can be fetched.
const PARTS = ["h1", ".wrong", ".quiet", ".fields", "#findings > p"]
async function unfold(link) {
  const row = link.closest("tr"), open = row.nextElementSibling
  for (const other of row.querySelectorAll("[aria-expanded=true]")) other.setAttribute("aria-expanded", false)
  if (open?.classList.contains("opened")) open.remove()
  if (open?.dataset.opens === link.href || row.dataset.opening === link.href) return
  row.dataset.opening = link.href
  const page = await fetched(link.href)
  if (row.dataset.opening !== link.href) return // another entry of the row was chosen meanwhile
  delete row.dataset.opening
  const [shown, cell, inside] = ["tr", "td", "div"].map(tag => document.createElement(tag))
  shown.className = "opened"
  shown.dataset.opens = link.href
  cell.colSpan = row.cells.length
  for (const part of PARTS) {
    for (const one of page.querySelectorAll(`main ${part}`)) {
      if (part === "h1") {
        const head = document.createElement("p"), whole = document.createElement("a")
        whole.href = link.href
        whole.textContent = page.title.split(" · ")[0]
        head.append(whole, " · ", one.textContent)
        inside.append(head)
      } else inside.append(one)
    }
  }
  cell.append(inside)
  shown.append(cell)
  row.after(shown)
  link.setAttribute("aria-expanded", true)
}
document.addEventListener("click", event => {
  const link = event.target.closest("#answer td.entry a:not(.flag)")
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  unfold(link).catch(() => location.assign(link.href))
})

// Puts a part of a fresh page in the place of an old one. What was open stays open, and the focus stays where it was: at
// the element of the same name, address or words, else at the answer.
const STOPS = "a, button, summary, input, select, [tabindex]"
const words = one => one.textContent.trim()
const ALIKE = [
  (one, other) => one.id && one.id === other.id,
  (one, other) => one.pathname && one.pathname === other.pathname && words(one) === words(other),
  (one, other) => one.pathname && one.pathname === other.pathname && one.rel === other.rel,
  (one, other) => !one.pathname && words(one) === words(other),
]
function swap(old, fresh) {
  const focused = document.activeElement, inside = old.contains(focused)
  const stops = within => [within, ...within.querySelectorAll("*")].filter(one => one.matches(STOPS) && one.checkVisibility())
  const before = inside ? stops(old) : []
  for (const open of old.querySelectorAll("details[open]")) {
    const same = [...fresh.querySelectorAll("details")].find(one => words($("summary", one)) === words($("summary", open)))
    if (same) same.open = true
  }
  old.replaceWith(fresh)
  if (!inside) return
  const after = stops(fresh).filter(one => one.tagName === focused.tagName)
  for (const alike of ALIKE) {
    const place = before.filter(one => alike(focused, one)).indexOf(focused), found = after.filter(one => alike(focused, one))
    const same = found[place] ?? found[0]
    if (same) return same.focus({ preventScroll: true })
  }
  const main = $("#main")
  main.tabIndex = -1
  main.focus({ preventScroll: true })
}

// The two times. While a slider moves, the last place wins. A run of moves is one step back in the history.
const slider = (name, within) => $(`.slider[data-slides=${name}]`, within)
const seen = () => location.pathname + location.search
let asking = new AbortController(), waiting = 0, run = null, ending = 0, here = seen()
function remember(address, moves) {
  if (new URL(address, location).href === location.href) moves.told = true
  history[moves.told ? "replaceState" : "pushState"](null, "", address)
  moves.told = true
}
async function go(address, moves = {}) {
  asking.abort()
  asking = new AbortController()
  const fields = [...document.querySelectorAll(".time input:not([type=range])")], sent = fields.map(field => field.value)
  try {
    const page = await fetched(address, asking.signal)
    const typed = new Set(fields.filter((field, place) => field.value !== sent[place])) // meanwhile, and not to be lost
    const focused = document.activeElement?.dataset?.slides
    for (const part of [".top nav", ".search .kept", ".languages", ".signed-in", "main", ".plane", ".moment", ".ways", ".foot"]) {
      const old = $(part), fresh = $(part, page)
      if (old && fresh) swap(old, fresh)
    }
    for (const step of document.querySelectorAll(".time")) {
      const fresh = $(`.time:has(#${$("input", step).id})`, page)
      const links = [...fresh.querySelectorAll(".step")] // each leaves the fresh page as it is put in its place
      for (const [place, link] of [...step.querySelectorAll(".step")].entries()) swap(link, links[place])
      const field = $("input:not([type=range])", step), range = slider(field.id), slid = slider(field.id, page)
      if (!typed.has(field)) field.value = $("input:not([type=range])", fresh).value
      if (!range || !slid) continue
      if (range.dataset.slides !== focused) {
        Object.assign(range, { min: slid.min, max: slid.max, value: slid.value })
        if (slid.dataset.first) range.dataset.first = slid.dataset.first
      }
      range.setAttribute("aria-valuetext", slid.getAttribute("aria-valuetext"))
    }
    for (const said of document.querySelectorAll(".no-day")) said.hidden = true
    for (const fault of document.querySelectorAll(".time .fault")) fault.remove()
    for (const field of fields) for (const name of ["aria-invalid", "aria-describedby"]) field.removeAttribute(name)
    document.title = page.title
    if (moves) remember($("link[rel=self]", page)?.href ?? address, moves)
    here = seen()
    fillSoon($("link[media=print]", page).href)
  } catch (error) { if (error.name !== "AbortError") location.assign(address) }
}
function address() {
  const query = new URLSearchParams(new FormData($(".times")))
  return `${$(".times").getAttribute("action")}?${query}`
}
const day = text => new Date(`${text}T00:00Z`)
const shown = date => date.toISOString().slice(0, 10)
function slid(slider) {
  const field = $(`#${slider.dataset.slides}`)
  if (slider.dataset.slides === "known_at") field.value = `@${slider.value}`
  else {
    const date = day(slider.dataset.first)
    date.setUTCDate(date.getUTCDate() + Number(slider.value))
    field.value = shown(date)
  }
  slider.setAttribute("aria-valuetext", field.value)
  clearTimeout(waiting)
  const moves = run ??= {}
  waiting = setTimeout(() => go(address(), moves), 30)
}
for (const slider of document.querySelectorAll(".slider")) {
  slider.hidden = false
  slider.addEventListener("input", () => slid(slider))
  slider.addEventListener("change", () => { run = null })
}
addEventListener("popstate", () => { if (seen() !== here) go(location.href, null) })

// Keys: left and right a day, with Shift a month, with Alt to the next change of the answer; up and down an entry.
function move(name, by) {
  const one = slider(name)
  if (!one) return
  one.value = Number(one.value) + by
  slid(one)
  clearTimeout(ending)
  ending = setTimeout(() => { run = null }, 1000) // keys pressed soon after one another are one run
}
function month(by) {
  const one = slider("on")
  if (!one) return
  const date = day(one.dataset.first)
  date.setUTCDate(date.getUTCDate() + Number(one.value))
  const target = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by, 1))
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate()
  target.setUTCDate(Math.min(date.getUTCDate(), last))
  move("on", Math.round((target - date) / 864e5))
}
function letters(chosen) { // a browser may refuse to keep anything
  try {
    if (chosen) localStorage.setItem("letters", chosen)
    return localStorage.getItem("letters") !== "off"
  } catch { return true }
}
const SCROLLS = ".table, .drawing, pre" // where the arrows scroll
async function step(address, to) {
  const day = $("#on").value
  await go(address)
  if ($("#on").value !== day) return
  const said = $(`#no-day-${to}`)
  said.hidden = false
  said.classList.add("shown")
}
document.addEventListener("keydown", event => {
  const menu = $(".more[open]")
  if (event.key === "Escape" && menu) {
    menu.open = false
    return $("summary", menu).focus()
  }
  if ($("dialog[open]") || (event.key.startsWith("Arrow") && event.target.closest(SCROLLS))) return
  const typing = event.target.matches("input:not([type=range]), textarea, select")
  if (typing || event.ctrlKey || event.metaKey || !$(".times:not(.pairs)")) return
  const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key], up = { ArrowDown: -1, ArrowUp: 1 }[event.key]
  const own = event.target.matches(".slider") && event.target.dataset.slides // its arrows move it, and not the other one
  const change = event.altKey && $(`.step[rel=${across < 0 ? "prev" : "next"}]`)
  if (event.altKey && !change) return
  if (across && change) step(change.href, across < 0 ? "before" : "after")
  else if (own && (own !== "on" || !event.shiftKey || up) && (across || up)) move(own, across || up)
  else if (across && event.shiftKey) month(across)
  else if (across) move("on", across)
  else if (up && !event.altKey && event.target.closest(".bar")) move("known_at", up)
  else if (event.key === "/" && letters()) $("#q").focus()
  else if (event.key === "?" && letters()) $("#keys").showModal()
  else return
  event.preventDefault()
})
const choice = $("#letters")
if (choice) {
  choice.checked = letters()
  choice.addEventListener("change", () => letters(choice.checked ? "on" : "off"))
}
document.documentElement.classList.add("scripted") // shows the buttons that do nothing without this

document.addEventListener("click", event => {
  if (event.target.matches("[data-prints]")) print()
  else if (event.target.matches("[data-shows]")) $(`#${event.target.dataset.shows}`).showModal()
})
document.addEventListener("formdata", ({ target, formData }) => {
  if (target.method === "get")
    for (const [name, value] of [...formData]) if (!value) formData.delete(name) // an empty field asks for nothing
})
$(".times:not(.pairs)")?.addEventListener("submit", event => { event.preventDefault(); go(address()) })
fill()

// Live: a page that follows the log says when entries come, and stays where it is.
const head = () => Number($("#answer")?.dataset.head ?? NaN)
async function listen() {
  if (document.hidden || !$("#news") || !(head() >= 0)) return
  try {
    const answer = await fetch("/healthz")
    if (!answer.ok) return
    const count = Number(await answer.text()) - head()
    if (count > 0) news(count)
  } catch { /* the server is away; the next try tells */ }
}
function news(count) {
  const place = $("#news")
  if (!place) return // the page was pinned meanwhile
  const said = place.dataset[count === 1 ? "one" : "several"].replace("#", count)
  if ($("a", place)?.textContent !== said) {
    const link = document.createElement("a")
    link.href = location.href
    link.textContent = said
    place.replaceChildren(link)
  }
}
setInterval(listen, 4000)
document.addEventListener("visibilitychange", listen)

// Whoever is signed in is told five minutes before the session ends, and stays with one press.
function endsSoon() {
  const form = $(".signed-in"), said = $("#ending")
  if (!form) return
  form.ends ??= Date.now() + form.dataset.left * 1000
  said.hidden = form.ends - Date.now() > 300_000
  if (!said.hidden && !$("span", said).textContent) $("span", said).textContent = said.dataset.said
  if (said.hidden) $("span", said).textContent = ""
}
setInterval(endsSoon, 5000)
$("#ending button")?.addEventListener("click", async () => {
  const answer = await fetch("/signin/stay")
  if (answer.ok) $(".signed-in").ends = Date.now() + Number(await answer.text()) * 1000
  endsSoon()
})
