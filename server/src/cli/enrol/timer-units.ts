import { basename } from 'node:path'

export interface TimerUnits {
  /** `sallyport-enrol-NAME` */
  readonly name: string
  readonly service: string
  readonly timer: string
  /** A line of /etc/cron.d, where there is no systemd. */
  readonly cron: string
}

/** Twice a day, each host at a time of its own: a renewal window is weeks, and a server that is down is tried again. */
export function timerUnits(folder: string, command: readonly string[], minute: number): TimerUnits {
  const name = `sallyport-enrol-${basename(folder).replaceAll(/[^A-Za-z0-9_-]/g, '-') || 'host'}`
  const line = command.map(quoted).join(' ')
  const service = `[Unit]
Description=Renew the certificate in ${plain(folder)}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=${line}
# 3: the renewal waits for an approval.
SuccessExitStatus=3
UMask=0077
`
  const timer = `[Unit]
Description=Look twice a day whether the certificate in ${plain(folder)} is due

[Timer]
OnCalendar=*-*-* 00/12:00:00
RandomizedDelaySec=6h
Persistent=true

[Install]
WantedBy=timers.target
`
  const hour = minute % 12
  const cron = `${minute % 60} ${hour},${hour + 12} * * * root ${command.map(shellQuoted).join(' ').replaceAll('%', '\\%')}\n`
  return { name, service, timer, cron }
}

/** systemd.service(5): double quotes, and % and $ doubled. */
function quoted(word: string): string {
  const text = word.replaceAll('%', '%%').replaceAll('$', '$$$$')
  return /^[A-Za-z0-9_./:=@%$+-]+$/.test(text)
    ? text
    : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function shellQuoted(word: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function plain(text: string): string {
  return text.replaceAll('%', '%%').replaceAll(/[\r\n]/g, ' ')
}
