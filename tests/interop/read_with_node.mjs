// Reads pairs of files, a Certificate and its issuer's, and says what Node's own parser makes of them.
import { readFileSync } from 'node:fs'
import { X509Certificate } from 'node:crypto'

const said = process.argv.slice(2).map((pair) => {
  const [own, above] = pair.split(',').map((name) => new X509Certificate(readFileSync(name)))
  return {
    serial: own.serialNumber,
    ca: own.ca,
    until: own.validToDate?.toISOString?.() ?? new Date(own.validTo).toISOString(),
    names: own.subjectAltName ?? '',
    issued: own.checkIssued(above),
    signed: own.verify(above.publicKey),
  }
})
console.log(JSON.stringify(said))
