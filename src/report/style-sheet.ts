/** Style of the report: dark on white, readable from 360 px up, prints. No web fonts, no images. */
export const STYLE_SHEET = `
:root{color-scheme:light;--ink:#1b1b1b;--soft:#555;--line:#d9d9d9;--harm:#a3123f;--warn:#9a5200}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:#fff;color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1040px;margin:0 auto;padding:28px 20px 64px}
header{margin-bottom:24px}
.kicker{margin:0 0 6px;color:var(--soft);font-weight:600;overflow-wrap:anywhere}
h1{margin:0 0 14px;font-size:clamp(1.5rem,4.6vw,2.3rem);line-height:1.2;letter-spacing:-.01em;overflow-wrap:anywhere;text-wrap:balance}
h1 em{font-style:italic}
h2{margin:44px 0 12px;padding-top:14px;border-top:2px solid var(--ink);font-size:1.3rem;line-height:1.25}
h3{margin:24px 0 6px;font-size:1.05rem;overflow-wrap:anywhere}
p{margin:0 0 12px;max-width:72ch}
.lead{font-size:1.08rem;white-space:pre-line;overflow-wrap:anywhere}
.note{color:var(--soft);font-size:.88rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(148px,1fr));gap:10px;margin:0}
.card{border:1px solid var(--line);border-radius:8px;padding:10px 12px;display:flex;flex-direction:column}
.card dt{font-size:.84rem;color:var(--soft);line-height:1.25}
.card dd{margin:0;padding-top:4px;font-size:1.5rem;font-weight:650;line-height:1.2;font-variant-numeric:tabular-nums}
.card small{display:block;font-size:.82rem;font-weight:400;color:var(--soft);line-height:1.3;overflow-wrap:anywhere;min-height:1.3em}
.card.harm{border-color:#d98ba3;background:#fdf4f6}
.card.harm dd{color:var(--harm)}
figure{margin:0 0 14px;min-width:0}
figcaption{margin-bottom:4px;font-size:.92rem;color:#333}
svg{max-width:100%;height:auto;display:block}
.chart .narrow{display:none}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:12px 36px;align-items:start}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding-bottom:4px}
th,td{padding:5px 12px 5px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600}
thead th{font-size:.82rem;color:var(--soft);vertical-align:bottom;line-height:1.25}
tbody th{overflow-wrap:anywhere}
td small,th small{display:block;color:var(--soft);font-weight:400;font-size:.84em}
.scroll{overflow-x:auto;overscroll-behavior-x:contain}
.scroll:focus-visible{outline:2px solid #0072b2;outline-offset:2px}
.scroll table{min-width:680px}
table.doors{min-width:960px;font-size:.86rem}
table.doors th[scope=row]{min-width:9em}
table.places th[scope=row]{min-width:8em}
table.doors td:nth-child(4){min-width:8.5em}
table.doors td small{display:inline}
table.doors td:nth-child(10) small{display:block}
.scroll svg.plan{min-width:700px;margin:0 auto}
.plans{display:grid;grid-template-columns:1fr 1fr;gap:8px 20px}
.plans:not(.stacked) svg.plan{min-width:440px}
.plans.stacked,.plans:not(:has(figure+figure)){grid-template-columns:1fr}
.legends{display:flex;flex-wrap:wrap;gap:10px 36px;align-items:flex-start;margin-bottom:4px}
.keys{font-size:.9rem;flex-basis:100%;max-width:none;margin:0;display:flex;flex-wrap:wrap;gap:4px 16px;align-items:center}
.mark{display:inline-flex;align-items:center;gap:5px;min-width:0;overflow-wrap:anywhere}
.mark svg{flex:none}
figcaption.keys{margin-bottom:8px}
i.door{display:inline-block;width:18px;height:5px;margin-right:5px;vertical-align:middle;background:#0a7d5a;border-radius:1px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
i.door.closed{background:#0072b2}
i.door.locked,i.door.chained{background:#c4161c}
i.door.forced{background:#b25c00}
.bands .bar{width:45%;vertical-align:middle}
.bands .bar span{display:block;height:12px;min-width:1px;outline:1px solid #0002;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.bands td:last-child{text-align:right;white-space:nowrap;padding-right:0}
.bands .range,.bands th{white-space:nowrap}
.timeline{list-style:none;margin:0;padding:0}
.timeline li{display:grid;grid-template-columns:92px 1fr;gap:12px;padding:4px 0;border-bottom:1px solid #eee}
.timeline time{text-align:right;color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap}
.timeline span{overflow-wrap:anywhere}
.timeline .harm span{color:var(--harm);font-weight:600}
.timeline .warning span{color:var(--warn);font-weight:600}
.reasons{margin:0 0 16px;padding-left:20px;overflow-wrap:anywhere}
.doubt,.damage{border-left:4px solid var(--warn);background:#fff8ee;padding:12px 16px;margin-top:16px;max-width:none}
section.damage h2{border:0;margin:0 0 6px;padding:0}
pre{overflow:auto;background:#f6f6f4;border:1px solid var(--line);border-radius:6px;padding:12px;font-size:.84rem;line-height:1.45;max-height:480px}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:0 0 16px;font-size:.95rem}
.facts dt{color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
summary{cursor:pointer;font-weight:600;padding:6px 0}
@media (max-width:720px){.plans{grid-template-columns:1fr}}
@media (max-width:560px){main{padding:18px 14px 48px}.chart .wide{display:none}.chart .narrow{display:block}.timeline li{grid-template-columns:76px 1fr;gap:10px}.facts{grid-template-columns:1fr}.facts dd{margin-bottom:6px}}
@media print{main{max-width:none;padding:0}body{font-size:11pt}h2{break-after:avoid}figure,.card,tr,.timeline li{break-inside:avoid}.scroll{overflow:visible}.scroll table,table.doors{min-width:0;font-size:8pt}.scroll svg.plan{min-width:0}pre{max-height:none;white-space:pre-wrap}}
`.trim();
