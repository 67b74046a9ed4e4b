// Takes the picture of the sample report for the README: `npm run picture` (needs Chromium).
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
const page = await browser.newPage({ viewport: { width: 1080, height: 720 }, deviceScaleFactor: 1.5, colorScheme: 'light', javaScriptEnabled: false });
await page.goto(new URL('../reports/sample.html', import.meta.url).href);
await page.screenshot({ path: new URL('../reports/sample.png', import.meta.url).pathname, clip: { x: 0, y: 0, width: 1080, height: 600 }, fullPage: true });
await browser.close();
