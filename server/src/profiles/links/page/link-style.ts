import { createHash } from 'node:crypto'
import { PAGE_STYLE } from '../../guides/page-style.ts'

/** The look of the guides, and what a page with buttons needs besides. */
export const LINK_STYLE = `${PAGE_STYLE}
form{margin:0}
button{font:inherit;font-weight:600;display:block;width:100%;min-height:3.2rem;padding:.7rem 1rem;border:0;border-radius:.5rem;background:var(--accent);color:var(--paper);cursor:pointer}
button:focus-visible,input:focus-visible,a:focus-visible,summary:focus-visible{outline:3px solid var(--edge);outline-offset:2px}
label{display:block;margin:.7rem 0 .2rem;font-weight:600}
input{font:inherit;display:block;width:100%;min-height:3rem;padding:.5rem .7rem;border:1px solid var(--soft);border-radius:.5rem;background:var(--field);color:var(--ink);margin-bottom:.8rem}
input.code{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;letter-spacing:.15em;text-transform:uppercase}
.card{margin:.9rem 0;padding:.9rem;border:1px solid var(--line);border-radius:.6rem}
.card.mine{border-width:2px;border-color:var(--accent)}
.card ol{margin-bottom:0}
.mark{margin:0 0 .4rem;color:var(--soft);font-size:.92rem}
.qr{width:9.5rem;height:9.5rem;background:#fff;padding:.4rem;border-radius:.4rem}
.switch{display:flex;flex-wrap:wrap;gap:.5rem;margin:.5rem 0 .9rem}
.switch button{width:auto;min-height:2.75rem;padding:.35rem .9rem;background:var(--field);color:var(--ink);border:1px solid var(--line);font-weight:500}
.switch button[aria-current]{background:var(--paper);border:2px solid var(--accent);color:var(--accent);font-weight:600}
button.plain{width:auto;min-height:2.75rem;background:var(--field);color:var(--accent);border:1px solid var(--line);margin:.6rem 0;overflow-wrap:anywhere}
footer .switch{margin-top:1.5rem}
.card .mark{margin:.7rem 0 0}
summary{cursor:pointer;color:var(--accent);padding:.4rem 0}
@media (max-width:34rem){.desk{display:none}}
`

const HASH = `'sha256-${createHash('sha256').update(LINK_STYLE).digest('base64')}'`

/** No script at all, nothing from elsewhere, forms to ourselves alone, in no frame. */
export const LINK_POLICY = `default-src 'none'; style-src ${HASH}; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`
