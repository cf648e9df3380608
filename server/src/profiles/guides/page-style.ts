import { createHash } from 'node:crypto'

/** The look of a guide: on a phone, on a desk and on paper; contrast of at least 7:1. Never depends on what it shows. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#4a5360;--paper:#fff;--line:#d5dae1;--field:#f2f5f9;--accent:#0b4f9c;--warn:#fff4d6;--edge:#b97700}
@media (prefers-color-scheme:dark){:root{--ink:#eceff3;--soft:#b6bfca;--paper:#15181c;--line:#3a424c;--field:#22272e;--accent:#8fc2ff;--warn:#3a2f10;--edge:#e0a83a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
main,header,footer{max-width:46rem;margin:0 auto;padding:0 1.1rem}
header{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem .9rem;padding-top:1.1rem;color:var(--soft)}
header img{max-height:3.5rem;max-width:11rem}
h1{font-size:1.7rem;line-height:1.2;margin:1rem 0 .2rem}
h2{font-size:1.2rem;line-height:1.3;margin:2rem 0 .6rem;padding-top:.9rem;border-top:1px solid var(--line)}
.sub{margin:0;color:var(--soft);overflow-wrap:anywhere}
ul,ol{padding-inline-start:1.3rem;margin:.5rem 0}
li{margin:.45rem 0}
ol.steps{list-style:none;counter-reset:step;padding:0}
ol.steps>li{counter-increment:step;position:relative;padding-inline-start:2.6rem;margin:.9rem 0;min-height:1.8rem}
ol.steps>li::before{content:counter(step);position:absolute;inset-inline-start:0;top:0;width:1.75rem;height:1.75rem;border-radius:50%;background:var(--accent);color:var(--paper);font-weight:600;font-size:.95rem;line-height:1.75rem;text-align:center}
b{font-weight:650}
code{font:.94em/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--field);border:1px solid var(--line);border-radius:.3rem;padding:.05rem .3rem;overflow-wrap:anywhere;user-select:all;-webkit-user-select:all}
pre{margin:.5rem 0;padding:.7rem .8rem;background:var(--field);border:1px solid var(--line);border-radius:.4rem;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all;-webkit-user-select:all}
pre code{background:none;border:0;padding:0}
table{border-collapse:collapse;width:100%;margin:.6rem 0}
th,td{text-align:start;vertical-align:top;padding:.5rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{font-weight:600;width:42%}
table.fields th,table.fields th b{font-weight:500;color:var(--soft)}
thead th{color:var(--soft);font-size:.92rem;border-bottom-width:2px}
.warning{margin:.9rem 0;padding:.7rem .9rem;background:var(--warn);border-inline-start:.35rem solid var(--edge);border-radius:.3rem}
.warning p{margin:0}
a{color:var(--accent)}
footer{color:var(--soft);font-size:.92rem;padding-top:1.5rem;padding-bottom:2rem}
@media (max-width:34rem){
h1{font-size:1.45rem}
ol.steps>li{padding-inline-start:2.3rem}
ol.steps>li table,ol.steps>li pre{margin-inline-start:-2.3rem;width:calc(100% + 2.3rem)}
table.fields th,table.fields td,table.cures th,table.cures td{display:block;width:auto;padding-inline:.6rem}
table.fields th,table.cures th[scope=row]{border-bottom:0;padding-bottom:0;color:var(--soft);font-size:.92rem}
table.cures thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.fields td,table.cures td{padding-top:.15rem}
}
@media print{
:root{--ink:#000;--soft:#333;--paper:#fff;--line:#aaa;--field:#fff;--accent:#000;--warn:#fff;--edge:#000}
body{font-size:10.5pt}
li,tr,.warning{break-inside:avoid}
h2{break-after:avoid}
}
`.trim()

const STYLE_HASH = `'sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}'`

/** For whoever serves a guide: nothing but its own style and its own logo. Also in the page, for where it is a file. */
export const PAGE_POLICY = `default-src 'none'; style-src ${STYLE_HASH}; img-src data:; base-uri 'none'; form-action 'none'`
