// Rebuilds static/built from the sources beside this file: node static/src/build.mjs
// It installs the pinned packages first when they are missing. What it writes is committed.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = dirname(fileURLToPath(import.meta.url))
const built = join(source, '..', 'built')
const modules = join(source, 'node_modules')
const moj = join(modules, '@ministryofjustice', 'frontend')

process.chdir(source)
if (!existsSync(modules)) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { stdio: 'inherit' })

const sass = await import('sass')
const esbuild = await import('esbuild')
const banner = 'GOV.UK Frontend 6.6.0 and MOJ Frontend 11.1.0, MIT licence, see licences/'

rmSync(built, { recursive: true, force: true })
for (const folder of ['css/images', 'js', 'icons', 'licences']) mkdirSync(join(built, folder), { recursive: true })

const style = sass.compile(join(source, 'application.scss'), {
  style: 'compressed',
  loadPaths: [source],
  quietDeps: true
}).css.replace(/^\uFEFF/, '')
writeFileSync(join(built, 'css', 'application.css'), `/*! ${banner} */\n${style}\n`)

const images = new Set([...style.matchAll(/url\("?images\/([^")]+)"?\)/g)].map((match) => match[1]))
for (const image of images) cpSync(join(moj, 'moj', 'assets', 'images', image), join(built, 'css', 'images', image))

esbuild.buildSync({
  entryPoints: [join(source, 'application.js')],
  outfile: join(built, 'js', 'application.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2020',
  legalComments: 'none',
  banner: { js: `/*! ${banner} */` }
})
for (const script of ['enabled.js', 'upload.js']) cpSync(join(source, script), join(built, 'js', script))
cpSync(join(modules, 'htmx.org', 'dist', 'htmx.min.js'), join(built, 'js', 'htmx.js'))
cpSync(join(source, 'icons'), join(built, 'icons'), { recursive: true })

const axe = join(source, '..', '..', 'tests', 'browser', 'axe')
mkdirSync(axe, { recursive: true })
cpSync(join(modules, 'axe-core', 'axe.min.js'), join(axe, 'axe.min.js'))
cpSync(join(modules, 'axe-core', 'LICENSE'), join(axe, 'LICENSE'))
cpSync(join(source, 'licences'), join(built, 'licences'), { recursive: true })
cpSync(join(modules, 'htmx.org', 'LICENSE'), join(built, 'licences', 'htmx.txt'))

const files = readdirSync(built, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
const manifest = Object.fromEntries(files
  .map((entry) => join(entry.parentPath, entry.name))
  .sort()
  .map((path) => [
    path.slice(built.length + 1),
    createHash('sha256').update(readFileSync(path)).digest('hex')
  ]))
writeFileSync(join(built, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')
