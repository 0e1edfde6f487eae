/** The style sheet of the pages. */

/** CSS; light and dark after the reader's own setting. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fbfaf7;--raised:#fff;--sunken:#f1efe9;--ink:#1d2330;--soft:#59606e;--line:#dedad0;--accent:#24408e;
--get:#1c6b4a;--post:#7a4a00;--put:#24408e;--patch:#6a3a8a;--delete:#9c2b2b}
@media (prefers-color-scheme:dark){:root{--ground:#12151c;--raised:#191d27;--sunken:#0d1016;--ink:#e6e4dd;--soft:#9aa1b0;--line:#2b3140;--accent:#9fb6ff;
--get:#7fd6ac;--post:#f0bd6a;--put:#9fb6ff;--patch:#d3a8f0;--delete:#f39a95}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;display:grid;grid-template-columns:17rem minmax(0,1fr)}
a{color:var(--accent);text-underline-offset:.2em}
a:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--raised);padding:.5rem 1rem;z-index:1}
nav{position:sticky;top:0;height:100vh;overflow-y:auto;padding:1.75rem 1rem 2rem 1.5rem;border-right:1px solid var(--line);font-size:.875rem}
nav .name{font-weight:650;font-size:1rem;color:var(--ink);text-decoration:none;display:block;margin-bottom:1rem}
nav h2{font-size:.75rem;letter-spacing:.06em;text-transform:uppercase;color:var(--soft);margin:1.25rem 0 .35rem;font-weight:600}
nav ul{list-style:none;margin:0;padding:0}
nav li a{display:flex;gap:.5rem;align-items:baseline;padding:.2rem 0;color:var(--ink);text-decoration:none}
nav li a:hover{color:var(--accent)}
nav .method{font-size:.625rem;min-width:3.1rem}
main{padding:2.25rem clamp(1rem,4vw,3.5rem) 5rem;max-width:62rem}
h1{font-size:clamp(1.7rem,3.5vw,2.3rem);line-height:1.15;letter-spacing:-.015em;margin:0 0 .5rem;text-wrap:balance}
h2{font-size:1.35rem;margin:3rem 0 .35rem;letter-spacing:-.01em}
h3{font-size:1.02rem;margin:0;font-weight:600}
h4{font-size:.8rem;color:var(--soft);margin:1.1rem 0 .35rem;font-weight:600}
p{margin:.4rem 0;max-width:44rem}
.lead{color:var(--soft);font-size:1.05rem}
code,pre{font-family:ui-monospace,"Cascadia Code","SF Mono",Menlo,Consolas,monospace;font-size:.86em}
code{overflow-wrap:anywhere}
pre{background:var(--sunken);border:1px solid var(--line);border-radius:8px;padding:.75rem .9rem;overflow-x:auto;margin:.4rem 0;line-height:1.5}
pre code{overflow-wrap:normal}
article{background:var(--raised);border:1px solid var(--line);border-radius:12px;padding:1.1rem 1.25rem 1.2rem;margin:1rem 0}
article:target{border-color:var(--accent)}
.address{display:flex;flex-wrap:wrap;gap:.2rem .75rem;align-items:baseline;margin:.15rem 0 .35rem}
.method{font-family:ui-monospace,Menlo,Consolas,monospace;font-weight:700;font-size:.8rem;letter-spacing:.03em}
.get{color:var(--get)}.post{color:var(--post)}.put{color:var(--put)}.patch{color:var(--patch)}.delete{color:var(--delete)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th{text-align:left;font-weight:600;font-size:.78rem;color:var(--soft);padding:.25rem .9rem .3rem 0;border-bottom:1px solid var(--line)}
td{padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
td:first-child{white-space:nowrap}
.kind{color:var(--soft);font-size:.82rem}
.open{color:var(--soft);font-size:.82rem;border:1px solid var(--line);border-radius:99px;padding:0 .55rem}
.req{color:var(--delete);font-size:.75rem}
details{margin-top:.9rem}
summary{cursor:pointer;color:var(--soft);font-size:.88rem;width:max-content;max-width:100%}
footer{margin-top:4rem;color:var(--soft);font-size:.85rem}
@media (max-width:56rem){body{display:block}nav{position:static;height:auto;border-right:0;border-bottom:1px solid var(--line);padding:1.25rem 1rem}
nav ul{display:flex;flex-wrap:wrap;gap:0 1.25rem}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media print{nav{display:none}body{display:block}article{break-inside:avoid}}
`;
