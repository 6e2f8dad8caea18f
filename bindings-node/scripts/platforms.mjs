// The platforms that have a native module, and what each tool calls them.

/** As Rust names them. */
export const TARGETS = [
  'x86_64-unknown-linux-gnu',
  'aarch64-unknown-linux-gnu',
  'x86_64-unknown-linux-musl',
  'aarch64-unknown-linux-musl',
  'x86_64-apple-darwin',
  'aarch64-apple-darwin',
  'x86_64-pc-windows-msvc',
]

/** The name by which `lib/native.cjs` looks for a target's module, its file, and what npm is told of the platform. */
export function platformOf(target) {
  const [machine, , system, libc] = target.split('-')
  const cpu = { x86_64: 'x64', aarch64: 'arm64' }[machine]
  const os = { linux: 'linux', darwin: 'darwin', windows: 'win32' }[system]
  const name = [os, cpu, libc].filter(Boolean).join('-')
  return { name, file: `ouroborosdb.${name}.node`, os, cpu, libc: { gnu: 'glibc', musl: 'musl' }[libc] }
}
