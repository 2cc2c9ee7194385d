#include "host/report/style.h"

#include <string>

namespace edgesmith::report {
namespace {

// Every pair of text and background below has a contrast of at least 4.5 : 1.
constexpr char kColours[] = R"css(
:root {
  --paper: #f7f7f4; --card: #ffffff; --edge: #e3e3dd; --grid: #ebebe6; --ink: #1c1f24; --muted: #5d636d;
  --accent: #0b6b74; --good: #1f7a45; --good-tint: #e6f3ea; --bad: #b3372d; --bad-tint: #fbeae8; --on: #ffffff;
  --c1: #0b737c; --c2: #3c5fb0; --c3: #a4590b; --c4: #7a4fa6; --c5: #b03e5b; --c6: #47783a; --c7: #5f6b7a;
  --g1: #e3f1ee; --g2: #bfe0da; --g3: #93cac1; --g4: #0e7a74; --g5: #085a58;
  --b1: #fcece3; --b2: #f8d4bf; --b3: #f0b392; --b4: #b8472a; --b5: #8f2f1a;
  --shadow: 0 1px 2px rgba(20, 24, 30, .05);
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --card: #1b1e23; --edge: #2d323a; --grid: #282c33; --ink: #e8e8e4; --muted: #9ba3af;
    --accent: #5cc3c6; --good: #6fce95; --good-tint: #18291f; --bad: #f28b7d; --bad-tint: #311d1b; --on: #101215;
    --c1: #4fb9bd; --c2: #86a5ee; --c3: #e2a259; --c4: #b898e6; --c5: #e98aa1; --c6: #90c47f; --c7: #9aa6b6;
    --g1: #1c302f; --g2: #20443f; --g3: #255a53; --g4: #5fc0b3; --g5: #8fdccd;
    --b1: #35261f; --b2: #503023; --b3: #6d3b28; --b4: #ec9a76; --b5: #f7bb9d;
    --shadow: none;
  }
}
)css";

constexpr char kType[] = R"css(
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto,
  "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 40px 32px 64px; }
h1 { margin: 2px 0 6px; font-size: 38px; line-height: 1.15; letter-spacing: -.02em; font-weight: 680; overflow-wrap: anywhere; }
h1 small { font-size: 18px; font-weight: 450; letter-spacing: 0; color: var(--muted); }
h2 { margin: 0 0 6px; font-size: 21px; line-height: 1.3; letter-spacing: -.01em; font-weight: 650; }
section { margin-top: 52px; scroll-margin-top: 16px; }
p { margin: 0; }
code { font: .92em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.brand { color: var(--accent); font-size: 13px; font-weight: 600; letter-spacing: .02em; }
.facts-line { display: flex; flex-wrap: wrap; gap: 2px 22px; color: var(--muted); font-size: 13.5px; }
.fact > * { color: var(--ink); }
.lead { max-width: 76ch; margin: 0 0 16px; color: var(--muted); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.verdict { display: flex; gap: 12px; align-items: center; margin: 24px 0 0; padding: 12px 16px; border-radius: 10px;
  font-weight: 600; background: var(--card); border: 1px solid var(--edge); }
.verdict .where { color: var(--muted); font-weight: 450; }
.verdict .sign { flex: none; width: 26px; height: 26px; border-radius: 50%; text-align: center; line-height: 26px;
  color: var(--on); background: var(--muted); font-size: 14px; }
.verdict.good { background: var(--good-tint); border-color: transparent; }
.verdict.good .sign { background: var(--good); }
.verdict.bad { background: var(--bad-tint); border-color: transparent; }
.verdict.bad .sign { background: var(--bad); }
nav { display: flex; flex-wrap: wrap; gap: 6px 20px; margin-top: 28px; padding: 12px 0; border-block: 1px solid var(--edge);
  font-size: 14px; }
nav a { color: var(--muted); text-decoration: none; }
nav a:hover, nav a:focus-visible { color: var(--accent); text-decoration: underline; text-underline-offset: 4px; }
footer { margin-top: 56px; padding-top: 16px; border-top: 1px solid var(--edge); color: var(--muted); font-size: 13.5px; }
footer ul { margin: 0 0 12px; padding-left: 18px; }
)css";

constexpr char kBlocks[] = R"css(
.grid { display: grid; gap: 16px; margin-top: 16px; }
.grid > * { min-width: 0; }
.grid.two { grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); }
.grid.three { grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); }
.card, figure.card { margin: 0; padding: 18px 20px 20px; background: var(--card); border: 1px solid var(--edge);
  border-radius: 12px; box-shadow: var(--shadow); min-width: 0; }
.card + .card, .grid + .card, .card + .grid { margin-top: 16px; }
.grid > .card { margin-top: 0; }
figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 2px 16px;
  margin-bottom: 14px; font-weight: 620; }
.legend { display: inline-flex; flex-wrap: wrap; gap: 2px 14px; color: var(--muted); font-size: 13px; font-weight: 450; }
.key::before { content: ""; display: inline-block; width: 16px; height: 3px; margin-right: 6px; border-radius: 2px;
  vertical-align: middle; background: currentColor; }
.key { color: var(--muted); }
.key.s1::before { background: var(--c1); } .key.s2::before { background: var(--c2); } .key.s3::before { background: var(--c3); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 168px), 1fr)); gap: 12px; margin: 14px 0 0; }
.cards .figure { padding: 14px 16px; background: var(--card); border: 1px solid var(--edge); border-radius: 12px;
  box-shadow: var(--shadow); }
dt { color: var(--muted); font-size: 13px; }
dd { margin: 0; }
.cards .big { font-size: 27px; line-height: 1.25; font-weight: 640; letter-spacing: -.015em; font-variant-numeric: tabular-nums; }
.cards .unit { color: var(--muted); font-size: 14px; }
.cards p { margin-top: 2px; color: var(--muted); font-size: 12.5px; line-height: 1.4; }
.figure.good .big { color: var(--good); } .figure.bad .big { color: var(--bad); }
.facts { display: grid; gap: 0; align-content: start; }
.facts .figure { display: grid; grid-template-columns: minmax(84px, 32%) 1fr; gap: 2px 14px; padding: 8px 0;
  border-top: 1px solid var(--grid); }
.facts .figure:first-child { border-top: 0; padding-top: 0; }
.facts dt { padding-top: 1px; font-size: 14px; }
.facts .big { font-weight: 600; font-variant-numeric: tabular-nums; }
.facts .unit { color: var(--muted); }
.facts p { color: var(--muted); font-size: 13px; line-height: 1.45; }
.road { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 230px), 1fr)); gap: 12px; margin: 16px 0 0;
  padding: 0; list-style: none; counter-reset: step; }
.road li { display: flex; flex-direction: column; gap: 2px; padding: 12px 14px 13px; background: var(--card);
  border: 1px solid var(--edge); border-left: 3px solid var(--accent); border-radius: 4px 10px 10px 4px; counter-increment: step; }
.road b { font-weight: 620; }
.road b::before { content: counter(step); margin-right: 8px; color: var(--accent); font-variant-numeric: tabular-nums; }
.road span { color: var(--muted); font-size: 13px; line-height: 1.4; }
.road code { margin-top: auto; padding-top: 4px; font-size: 12px; }
)css";

constexpr char kTables[] = R"css(
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { padding-bottom: 8px; text-align: left; font-size: 15px; font-weight: 620; }
th, td { padding: 6px 14px 6px 0; text-align: left; vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
th { font-weight: 500; }
thead th { color: var(--muted); font-size: 13px; font-weight: 450; vertical-align: bottom; }
tbody tr, tfoot tr { border-top: 1px solid var(--grid); }
tfoot th, tfoot td { font-weight: 640; }
.scroll th[scope=row] { min-width: 112px; overflow-wrap: anywhere; }
.scroll th[scope=row], .scroll .corner { position: sticky; left: 0; background: var(--card); }
.num { text-align: right; white-space: nowrap; }
.num + :not(.num) { padding-left: 26px; }
.first { padding-left: 18px; }
.group { padding-left: 18px; padding-right: 14px; text-align: center; color: var(--ink); font-weight: 560; }
.note { color: var(--muted); font-size: 13px; }
.swatch { display: inline-block; min-width: 20px; height: 18px; margin-right: 4px; border-radius: 4px; text-align: center;
  font-size: 11.5px; line-height: 18px; font-weight: 600; color: var(--on); }
.swatch:empty { min-width: 12px; width: 12px; height: 12px; border-radius: 3px; vertical-align: -1px; }
.name { overflow-wrap: anywhere; }
.parts { margin-top: 12px; } .parts th { width: 36%; }
.budget { margin: 6px 0 14px; color: var(--muted); font-size: 13px; }
.budget.bad { color: var(--bad); font-weight: 600; }
.ops { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 34px 0 0; padding: 0; list-style: none; color: var(--muted);
  font-size: 12px; }
.ops .n { color: var(--ink); font-weight: 600; }
.confusion { max-width: calc(180px + var(--classes) * 96px); table-layout: fixed; border-collapse: separate; border-spacing: 2px; font-size: 14px; }
.confusion tr { border: 0; }
.confusion th, .confusion td { padding: 5px 2px; text-align: center; vertical-align: middle; line-height: 1.2; }
.confusion th { font-size: 12.5px; font-weight: 450; color: var(--muted); }
.confusion th span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.confusion th[scope=row] { padding-right: 8px; text-align: right; color: var(--ink); }
.confusion th[scope=row] { min-width: 0; }
.confusion tr > :first-child { width: 104px; }
.confusion .corner { text-align: right; padding-right: 8px; font-size: 11.5px; line-height: 1.35; color: var(--muted); vertical-align: bottom; }
.confusion .corner span { display: block; white-space: nowrap; }
.confusion td[title] { height: 42px; border-radius: 5px; }
.confusion b { font-weight: 600; }
.confusion small { display: block; font-size: 11px; white-space: nowrap; }
.confusion.upright thead th { vertical-align: bottom; }
.confusion.upright thead th span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); max-height: 128px; }
.confusion.compact tr > :first-child { width: 176px; }
.zero { background: var(--grid); } .zero b { font-weight: 400; color: var(--muted); }
.g1 { background: var(--g1); } .g2 { background: var(--g2); } .g3 { background: var(--g3); }
.g4 { background: var(--g4); color: var(--on); } .g5 { background: var(--g5); color: var(--on); }
.b1 { background: var(--b1); } .b2 { background: var(--b2); } .b3 { background: var(--b3); }
.b4 { background: var(--b4); color: var(--on); } .b5 { background: var(--b5); color: var(--on); }
)css";

constexpr char kCharts[] = R"css(
.chart { display: block; overflow: visible; }
.chart svg { overflow: visible; }
.chart text { font-size: 12px; fill: var(--muted); font-variant-numeric: tabular-nums; }
.chart .value { font-size: 13.5px; font-weight: 640; fill: var(--ink); }
.chart .mark { fill: var(--ink); font-weight: 600; }
.chart .on { fill: var(--on); font-weight: 600; }
.chart .halo { paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.chart .rule { stroke: var(--grid); }
.chart .base { stroke: var(--edge); }
.chart .best { stroke: var(--muted); stroke-dasharray: 3 3; }
.chart .bound { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 5 4; }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.curve.s1 { stroke: var(--c1); } .curve.s2 { stroke: var(--c2); } .curve.s3 { stroke: var(--c3); }
.dot { stroke: var(--card); stroke-width: 2; }
.dot.s1 { fill: var(--c1); } .dot.s2 { fill: var(--c2); } .dot.s3 { fill: var(--c3); }
.hover { fill: transparent; } .hover:hover { fill: var(--muted); fill-opacity: .12; }
.plot.curves { padding: 24px 4px 26px 40px; }
.plot.bars { padding: 6px 0 26px 44px; }
.plot.arena { padding: 6px 0 0 52px; }
.plot.flows { padding: 0 116px 4px 3px; }
.axis { padding-left: 40px; text-align: center; color: var(--muted); font-size: 12px; }
.bar { fill: var(--c1); } .bar:hover { fill: var(--c2); }
.flow { fill-opacity: .26; } .flow:hover { fill-opacity: .42; }
.f0, .f1 { fill: var(--c1); } .f2 { fill: var(--c2); } .f3 { fill: var(--c4); } .out { fill: var(--muted); fill-opacity: .2; }
.node { stroke-width: 5; }
.n0, .n1 { stroke: var(--c1); } .n2 { stroke: var(--c2); } .n3 { stroke: var(--c4); } .nout { stroke: var(--muted); }
.track { fill: var(--grid); } .used { fill: var(--accent); } .used.over { fill: var(--bad); }
.limit { stroke: var(--ink); stroke-width: 2; }
.tensor, .part { stroke: var(--card); stroke-width: 1.5; }
.c1 { fill: var(--c1); background: var(--c1); } .c2 { fill: var(--c2); background: var(--c2); }
.c3 { fill: var(--c3); background: var(--c3); } .c4 { fill: var(--c4); background: var(--c4); }
.c5 { fill: var(--c5); background: var(--c5); } .c6 { fill: var(--c6); background: var(--c6); }
.c7 { fill: var(--c7); background: var(--c7); }
)css";

constexpr char kScreens[] = R"css(
.loose { align-items: start; }
@media (min-width: 900px) { .grid.most { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); } }
@media (max-width: 560px) {
  main { padding: 24px 16px 40px; }
  h1 { font-size: 29px; }
  section { margin-top: 40px; }
  .cards { grid-template-columns: 1fr 1fr; gap: 10px; }
  .cards .figure { padding: 11px 12px; }
  .cards .big { font-size: 22px; }
  .card, figure.card { padding: 14px 14px 16px; }
  th, td { padding-right: 10px; }
  .confusion { font-size: 13px; }
  .confusion.thousands { font-size: 11.5px; letter-spacing: -.02em; }
  .confusion small { font-size: 10px; }
  .confusion tr > :first-child { width: 78px; }
  .plot.flows { padding-right: 104px; }
  .confusion.compact { border-spacing: 1px; font-size: 10.5px; letter-spacing: -.02em; }
  .confusion.compact td[title] { height: 26px; padding: 2px 0; border-radius: 3px; }
  .confusion.compact small { display: none; }
  .confusion.compact tr > :first-child { width: 66px; }
  .confusion.compact th { font-size: 11px; }
  .confusion.thousands { min-width: calc(72px + var(--classes) * 31px); }
}
@media print {
  :root { --paper: #fff; --shadow: none; }
  body { font-size: 10pt; }
  p { orphans: 3; }
  table { font-size: 9pt; }
  .confusion.thousands { font-size: 8pt; letter-spacing: -.02em; }
  thead th { font-size: 8.5pt; }
  th, td { padding-right: 7px; }
  .first, .group { padding-left: 8px; }
  .scroll { overflow: visible; }
  .scroll th[scope=row], .scroll .corner { position: static; min-width: 0; }
  .grid.two { grid-template-columns: 1fr 1fr; }
  .grid.three { grid-template-columns: 1fr 1fr 1fr; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  section { margin-top: 24px; }
  .card, .figure, .road li, tr { break-inside: avoid; }
  .card, figure.card { padding: 12px; }
  h2, .lead, figcaption { break-after: avoid; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
)css";

}  // namespace

const char* style_sheet() {
  static const std::string sheet = std::string(kColours) + kType + kBlocks + kTables + kCharts + kScreens;
  return sheet.c_str();
}

}  // namespace edgesmith::report
