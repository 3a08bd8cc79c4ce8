/** vCard 3.0 has no URI for a number: `tel:+44-7700-900123;ext=5` becomes `+44-7700-900123 x5`. */
export function plainNumber(number: string): string {
  const match = /^tel:([^;]*)(?:.*;ext=([^;]+))?/i.exec(number)
  return match ? `${match[1]}${match[2] === undefined ? '' : ` x${match[2]}`}` : number
}
