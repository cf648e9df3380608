/** Chromium without a screen, led by the DevTools protocol: opens pages, presses what a person would, saves what comes. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Running, start } from './process.ts'
import { until } from './until.ts'

const CHROMIUM = '/usr/bin/chromium'
const PATIENCE_MILLISECONDS = 15_000

type Values = Readonly<Record<string, unknown>>
interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Values
  readonly result?: Values
  readonly error?: { readonly message: string }
}

export interface BrowserOptions {
  /** Profile and downloads. */
  readonly folder: string
  readonly userAgent?: string
  /** `de-DE,de`: what it asks pages for. */
  readonly languages?: string
  readonly width?: number
  readonly height?: number
}

/** One window. A certificate of any CA is taken: whether it is trusted is not what is looked at here. */
export class Browser implements AsyncDisposable {
  readonly downloads: string
  readonly #running: Running
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, (message: Message) => void>()
  readonly #events: Message[] = []
  #session = ''
  #last = 0

  private constructor(running: Running, socket: WebSocket, downloads: string) {
    this.#running = running
    this.#socket = socket
    this.downloads = downloads
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as Message
      const take = message.id === undefined ? undefined : this.#waiting.get(message.id)
      if (take === undefined) this.#events.push(message)
      else take(message)
    })
  }

  static async open(options: BrowserOptions): Promise<Browser> {
    const { folder, userAgent, languages = 'en', width = 1000, height = 1200 } = options
    const downloads = join(folder, 'downloads')
    mkdirSync(downloads, { recursive: true })
    const running = start(CHROMIUM, [
      ...['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage'],
      ...['--ignore-certificate-errors', '--disable-background-networking', '--disable-component-update'],
      ...[`--user-data-dir=${join(folder, 'profile')}`, '--remote-debugging-port=0'],
      ...[`--window-size=${width},${height}`, `--accept-lang=${languages}`],
      ...(userAgent === undefined ? [] : [`--user-agent=${userAgent}`]),
      'about:blank',
    ])
    const [, address = ''] = await running.waitFor(/DevTools listening on (ws:\S+)/, 30_000)
    const socket = new WebSocket(address)
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true })
      socket.addEventListener('error', reject, { once: true })
    })
    const browser = new Browser(running, socket, downloads)
    const { targetId } = await browser.#call('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await browser.#call('Target.attachToTarget', { targetId, flatten: true })
    browser.#session = String(sessionId)
    await browser.#call('Page.enable')
    await browser.#call('Network.enable')
    const where = { behavior: 'allow', downloadPath: downloads, eventsEnabled: true }
    await browser.#call('Browser.setDownloadBehavior', where, '')
    return browser
  }

  async goTo(url: string): Promise<void> {
    await this.#leaving(() => this.#call('Page.navigate', { url }))
  }

  /** What an expression in the page comes to; plain data. */
  async evaluate<Result>(expression: string): Promise<Result> {
    const { result } = await this.#call('Runtime.evaluate', { expression, returnByValue: true })
    return (result as { readonly value: Result }).value // what the caller's expression gives
  }

  async text(): Promise<string> {
    return await this.evaluate('document.body.innerText')
  }

  async type(selector: string, text: string): Promise<void> {
    await this.evaluate(`document.querySelector(${JSON.stringify(selector)}).focus()`)
    await this.#call('Input.insertText', { text })
  }

  /** Presses what the selector finds, with the mouse, and waits for the page that follows. */
  async press(selector: string): Promise<void> {
    await this.#leaving(() => this.#click(selector))
  }

  /** Presses it and waits for the file that comes. The name it was saved under. */
  async download(selector: string): Promise<string> {
    const before = this.#events.length
    await this.#click(selector)
    const event = (method: string, test: (params: Values) => boolean) =>
      until(
        method,
        () => this.#events.slice(before).find((one) => one.method === method && test(one.params ?? {})),
        PATIENCE_MILLISECONDS,
      )
    const begun = await event('Browser.downloadWillBegin', () => true)
    await event('Browser.downloadProgress', ({ state }) => state === 'completed')
    return String(begun.params?.suggestedFilename)
  }

  /** Status and headers of the page that is shown. */
  get answers(): readonly { readonly url: string; readonly status: number; readonly headers: Values }[] {
    return this.#events.flatMap(({ method, params }) => {
      if (method !== 'Network.responseReceived' || params === undefined) return []
      const { url, status, headers } = params.response as { url: string; status: number; headers: Values }
      return [{ url, status, headers }]
    })
  }

  /** PNG of the whole page. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.#call('Page.captureScreenshot', { captureBeyondViewport: true })
    return Buffer.from(String(data), 'base64')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close()
    await this.#running.stop()
  }

  async #click(selector: string): Promise<void> {
    const place = await this.evaluate<{ x: number; y: number } | null>(`(() => {
      const found = document.querySelector(${JSON.stringify(selector)})
      if (found === null) return null
      found.scrollIntoView({ block: 'center', behavior: 'instant' })
      const { x, y, width, height } = found.getBoundingClientRect()
      return { x: x + width / 2, y: y + height / 2 }
    })()`)
    if (place === null) throw new Error(`There is no ${selector} on the page:\n${await this.text()}`)
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.#call('Input.dispatchMouseEvent', { type, ...place, button: 'left', clickCount: 1 })
    }
  }

  async #leaving(leave: () => Promise<unknown>): Promise<void> {
    const before = this.#events.length
    await leave()
    await until(
      'the page that follows',
      () => this.#events.slice(before).find(({ method }) => method === 'Page.loadEventFired'),
      PATIENCE_MILLISECONDS,
    )
  }

  async #call(method: string, params: Values = {}, sessionId = this.#session): Promise<Values> {
    const id = ++this.#last
    const answer = await new Promise<Message>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Chromium does not answer ${method}.`)),
        PATIENCE_MILLISECONDS,
      )
      this.#waiting.set(id, (message) => {
        clearTimeout(timer)
        resolve(message)
      })
      this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId !== '' && { sessionId }) }))
    })
    this.#waiting.delete(id)
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`)
    return answer.result ?? {}
  }
}
