// Charts in the page's own colors. data-chart names the kind, data-values holds its numbers as JSON; the same numbers stand in a table.
const root = document.documentElement
const probe = document.createElement('i')
probe.hidden = true
document.body.append(probe)
// A custom property may hold light-dark(), so it is resolved through an element.
const color = name => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color }
const font = { fontFamily: 'Inter, sans-serif', fontSize: 12 }
const base = { animation: false, textStyle: font, aria: { enabled: true } }
const number = new Intl.NumberFormat(root.lang)
const tooltip = () => ({ trigger: 'axis', backgroundColor: color('paper'), borderColor: color('line-strong'), textStyle: { ...font, color: color('ink') }, valueFormatter: value => value == null ? '—' : number.format(value) })
// One row, however narrow: a second one would lie on the chart.
const legend = series => ({ type: 'scroll', show: series.length > 1, left: 0, right: 0, top: 0, itemWidth: 12, itemHeight: 8, icon: 'roundRect', pageIconSize: 10, textStyle: { ...font, color: color('ink-2') }, pageTextStyle: { ...font, color: color('ink-2') }, pageIconColor: color('ink-2'), pageIconInactiveColor: color('line-strong') })

const kinds = {
  // Days late of the last invoices: [3, 5, 2, …]
  spark: days => ({
    ...base, grid: { left: 2, right: 26, top: 6, bottom: 4 },
    xAxis: { type: 'category', show: false, data: days.map((_, i) => i) },
    yAxis: { type: 'value', show: false, min: Math.min(0, ...days), max: Math.max(1, ...days) },
    series: [{
      type: 'line', data: days, symbol: (_, point) => point.dataIndex === days.length - 1 ? 'circle' : 'none', symbolSize: 6,
      lineStyle: { width: 1.5, color: color('ink-3') }, itemStyle: { color: color('ink') },
      markLine: { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: color('line-strong'), type: 'solid', width: 1 }, data: [{ yAxis: 0 }] },
      endLabel: { show: true, color: color('ink'), fontWeight: 600, fontSize: 12, formatter: point => number.format(point.value) },
    }],
  }),
  // Amounts over time or by age: {"labels": […], "values": […], "ages": true}
  columns: ({ labels, values, ages }) => ({
    ...base, grid: { left: 4, right: 8, top: 14, bottom: 4, containLabel: true }, tooltip: tooltip(),
    xAxis: { type: 'category', data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: color('line-strong') } }, axisLabel: { color: color('ink-2') } },
    yAxis: { type: 'value', splitNumber: 3, axisLabel: { color: color('ink-2'), formatter: value => number.format(value) }, splitLine: { lineStyle: { color: color('line') } } },
    series: [{ type: 'bar', barMaxWidth: 28, data: values.map((value, i) => ({ value, itemStyle: { color: color(ages ? `age-${Math.min(i, 4)}` : 'ink-3'), borderRadius: [2, 2, 0, 0] } })) }],
  }),
  // Counts per day: {"labels": […], "series": [{"name", "values"}, …], "stacked": true} or, as lines, with a "limit" and its "limit_name"
  days: ({ labels, series, stacked, limit, limit_name: limitName }) => ({
    ...base, tooltip: tooltip(), grid: { left: 4, right: 8, top: 34, bottom: 4, containLabel: true },
    legend: legend(series),
    xAxis: { type: 'category', data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: color('line-strong') } }, axisLabel: { color: color('ink-2'), hideOverlap: true } },
    yAxis: { type: 'value', minInterval: 1, splitNumber: 3, axisLabel: { color: color('ink-2'), formatter: value => number.format(value) }, splitLine: { lineStyle: { color: color('line') } } },
    series: series.map(({ name, values }, i) => ({
      name, data: values, type: stacked ? 'bar' : 'line', stack: stacked && 'all', barCategoryGap: '20%', barMaxWidth: 72, symbol: 'none',
      lineStyle: { width: 1.5, type: i ? 'solid' : 'dashed' }, color: color(['ink-3', 'accent-ink', 'age-1', 'age-3', 'age-2', 'age-4'][i % 6]),
      markLine: limit && !i ? { silent: true, symbol: 'none', lineStyle: { color: color('line-strong'), type: 'dotted', width: 1 }, label: { formatter: limitName, position: 'insideEndTop', color: color('ink-2') }, data: [{ yAxis: limit }] } : undefined,
    })),
  }),
  // Of a report: from row to row; sums on each other; a group of bars for each row, the first above
  lines: chart => kinds.days(chart),
  stack: chart => kinds.days({ ...chart, stacked: true }),
  bars: ({ labels, series }) => ({
    ...base, tooltip: tooltip(), grid: { left: 4, right: 16, top: series.length > 1 ? 30 : 6, bottom: 4, containLabel: true },
    legend: legend(series),
    xAxis: { type: 'value', splitNumber: 4, axisLabel: { color: color('ink-2'), formatter: value => number.format(value), hideOverlap: true, alignMaxLabel: 'right' }, splitLine: { lineStyle: { color: color('line') } } },
    yAxis: { type: 'category', inverse: true, data: labels, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: color('ink'), width: root.clientWidth < 600 ? 110 : 280, overflow: 'break', lineHeight: 14 } },
    series: series.map(({ name, values }, i) => ({ name, data: values, type: 'bar', barMaxWidth: 10, barGap: '15%', color: color(['accent-ink', 'age-1', 'age-3', 'ink-3'][i % 4]), itemStyle: { borderRadius: [0, 2, 2, 0] } })),
  }),
}

const library = () => new Promise((resolve, reject) => {
  if (window.echarts) return resolve(window.echarts)
  const script = document.createElement('script')
  script.src = document.body.dataset.echarts
  script.onload = () => resolve(window.echarts)
  script.onerror = reject
  document.head.append(script)
})

const drawn = new Map()
const paint = (element, chart) => chart.setOption(kinds[element.dataset.chart](JSON.parse(element.dataset.values)), true)

export const draw = async part => {
  const echarts = await library()
  await document.fonts.ready
  for (const [element, chart] of drawn) if (!element.isConnected) { chart.dispose(); drawn.delete(element) }
  for (const element of part.querySelectorAll('[data-chart]')) {
    if (!drawn.has(element)) drawn.set(element, echarts.init(element, null, { renderer: 'svg' }))
    paint(element, drawn.get(element))
  }
}
root.addEventListener('themechange', () => drawn.forEach((chart, element) => paint(element, chart)))
addEventListener('resize', () => drawn.forEach(chart => chart.resize()))
