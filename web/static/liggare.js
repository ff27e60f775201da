// The pages work without this. It fetches what comes late, slides the two times, and tells when entries come.
const $ = (selector, within = document) => within.querySelector(selector)
const fetched = async (address, signal) => {
  const answer = await fetch(address, { signal, headers: { accept: "text/html" } })
  if (!answer.ok) throw new Error(answer.status)
  return new DOMParser().parseFromString(await answer.text(), "text/html")
}

// What comes late: what has changed since, and the findings.
let late = new AbortController()
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
function mark() {
  for (const finding of document.querySelectorAll(".beside .finding")) {
    for (const entry of finding.dataset.entries.split(" ")) {
      for (const link of document.querySelectorAll(`#answer td.entry a, #answer .rows a`)) {
        if (link.textContent === entry) link.closest("tr, li")?.classList.add("found")
      }
    }
  }
}

// Puts a part of a fresh page in the place of an old one, and the focus where it was.
function swap(old, fresh) {
  const focused = document.activeElement, inside = old.contains(focused)
  const place = [...old.querySelectorAll("a, button")].indexOf(focused)
  old.replaceWith(fresh)
  if (inside) (fresh.querySelectorAll("a, button")[place] ?? fresh).focus()
}

// The two times. While a slider moves, the last place wins.
let asking = new AbortController(), waiting = 0
async function go(address, push = true) {
  asking.abort()
  asking = new AbortController()
  const fields = [...document.querySelectorAll(".time input:not([type=range])")], sent = fields.map(field => field.value)
  try {
    const page = await fetched(address, asking.signal)
    const typed = new Set(fields.filter((field, place) => field.value !== sent[place])) // meanwhile, and not to be lost
    const focused = document.activeElement?.dataset?.slides
    for (const part of ["main", ".plane", ".moment", ".ways", ".foot"]) {
      const old = $(part), fresh = $(part, page)
      if (old && fresh) swap(old, fresh)
    }
    for (const step of document.querySelectorAll(".time")) {
      const fresh = $(`.time:has(#${$("input", step).id})`, page)
      for (const [place, link] of [...step.querySelectorAll(".step")].entries()) swap(link, fresh.querySelectorAll(".step")[place])
      const field = $("input:not([type=range])", step), range = $("input[type=range]", step)
      if (!typed.has(field)) field.value = $("input:not([type=range])", fresh).value
      if (range.dataset.slides !== focused) range.value = $("input[type=range]", fresh).value
      range.setAttribute("aria-valuetext", $("input[type=range]", fresh).getAttribute("aria-valuetext"))
    }
    document.title = page.title
    if (push) history.replaceState(null, "", page.querySelector("link[rel=self]")?.href ?? address)
    fill()
  } catch (error) { if (error.name !== "AbortError") location.assign(address) }
}
function address() {
  const query = new URLSearchParams(new FormData($(".times")))
  for (const [name, value] of [...query]) if (!value) query.delete(name)
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
  clearTimeout(waiting)
  waiting = setTimeout(() => go(address()), 30)
}
for (const slider of document.querySelectorAll(".slider")) {
  slider.hidden = false
  slider.addEventListener("input", () => slid(slider))
}

// Keys: left and right a day, with Shift a month, with Alt to the next change of the answer; up and down an entry.
const slider = name => $(`.slider[data-slides=${name}]`)
function move(name, by) {
  const one = slider(name)
  if (!one) return
  one.value = Number(one.value) + by
  slid(one)
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
const letters = () => localStorage.getItem("letters") !== "off"
document.addEventListener("keydown", event => {
  const typing = event.target.matches("input:not([type=range]), textarea, select")
  if (typing || event.ctrlKey || event.metaKey || !$(".times:not(.pairs)")) return
  const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key], up = { ArrowDown: -1, ArrowUp: 1 }[event.key]
  const change = event.altKey && $(`.step[rel=${across < 0 ? "prev" : "next"}]`)
  if (event.altKey && !change) return
  if (across && change) go(change.href)
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
  choice.addEventListener("change", () => localStorage.setItem("letters", choice.checked ? "on" : "off"))
}
for (const button of document.querySelectorAll("[data-opens]")) {
  button.hidden = false
  button.addEventListener("click", () => $(`#${button.dataset.opens}`).showModal())
}

$(".times:not(.pairs)")?.addEventListener("submit", event => { event.preventDefault(); go(address()) })
fill()

// Live: a page that follows the log says when entries come, and stays where it is.
const head = () => Number($("#answer")?.dataset.head ?? NaN)
async function listen() {
  if (document.hidden || new URLSearchParams(location.search).has("known_at") || !(head() >= 0)) return
  try {
    const answer = await fetch(`/changes?after=@${head()}`, { headers: { accept: "application/jsonl" } })
    if (!answer.ok) return
    const count = (await answer.text()).split("\n").length - 1
    if (count) news(count)
  } catch { /* the server is away; the next try tells */ }
}
function news(count) {
  const place = $("#news")
  const said = place.dataset[count === 1 ? "one" : "several"].replace("#", count)
  if ($("a", place)?.textContent !== said) {
    const link = document.createElement("a")
    link.href = location.href
    link.textContent = said
    place.replaceChildren(link)
  }
}
if ($("#news")) {
  setInterval(listen, 4000)
  document.addEventListener("visibilitychange", listen)
}
