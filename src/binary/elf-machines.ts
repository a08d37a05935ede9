/** e_machine to the architecture's name in OCI and Go, where they have one (gABI, "e_machine"; GOARCH). */
export const elfMachines: Readonly<Record<number, string>> = {
  2: 'sparc',
  3: '386',
  4: 'm68k',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  43: 'sparc64',
  50: 'ia64',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  247: 'bpf',
  258: 'loong64',
};
