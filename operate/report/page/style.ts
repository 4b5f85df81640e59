/** The style of a page: light and dark, on a phone and on paper. Colours have a contrast of 4.5 : 1 at least. */
export const style = `
:root { color-scheme: light dark; --text: #1f2328; --quiet: #57606a; --back: #ffffff; --box: #f6f8fa; --line: #d0d7de;
  --link: #0550ae; --good: #116329; --bad: #a40e26; --bad-box: #ffebe9; --unknown: #7d4e00; --focus: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --quiet: #9da7b3; --back: #0d1117; --box: #161b22; --line: #3d444d; --link: #79c0ff;
    --good: #56d364; --bad: #ff9492; --bad-box: #3c1618; --unknown: #e3b341; --focus: #79c0ff; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 6rem; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, "Liberation Sans", sans-serif; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.35rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; } h4 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0 .5rem; max-width: 48rem; } .quiet { color: var(--quiet); }
a { color: var(--link); } code { font-family: ui-monospace, "Liberation Mono", monospace; font-size: .9em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: .5rem 0; padding: 0; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; overflow-wrap: normal; }
caption { text-align: left; font-weight: 600; padding: .4rem .6rem; }
th, td { border-top: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top; min-width: 6rem; }
thead th { background: var(--box); } td { overflow-wrap: anywhere; } td.wide { min-width: 14rem; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .unknown { color: var(--unknown); font-weight: 600; }
td.bad { background: var(--bad-box); color: var(--text); font-weight: 400; }
details > summary { cursor: pointer; } details ul { margin: .25rem 0; padding-left: 1.1rem; }
.map, .map ul { list-style: none; margin: 0; padding: 0; }
.map ul { border-left: 2px solid var(--line); margin-left: .4rem; padding-left: .9rem; }
.map li { margin: .35rem 0; }
.tag { border: 1px solid var(--line); border-radius: 1rem; color: var(--quiet); font-size: .85rem; margin-right: .4rem; padding: 0 .5rem; }
.filter { background: var(--back); border-bottom: 1px solid var(--line); padding: .5rem 0; position: sticky; top: 0; z-index: 1; }
.filter input { background: var(--box); border: 1px solid var(--quiet); border-radius: .4rem; color: var(--text); font: inherit; max-width: 100%; padding: .3rem .6rem; width: 22rem; }
.filter label { display: block; } [hidden] { display: none !important; }
@media (max-width: 40rem) { body { padding: .6rem; } h1 { font-size: 1.35rem; } th, td { padding: .3rem .4rem; } }
@media print { .filter, .skip { display: none; } .scroll { overflow: visible; } details::details-content { content-visibility: visible; height: auto; } }
`;
