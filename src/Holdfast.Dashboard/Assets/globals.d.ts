/** Apache ECharts, loaded as a classic script before the module of the page. */
declare const echarts: { init(element: HTMLElement): any };
