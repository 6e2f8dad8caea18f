/** The name that an operation or a field has here: `camelCase`. */
export function camel(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())
}
