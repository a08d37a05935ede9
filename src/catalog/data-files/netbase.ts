/** SHA-256 of the files of Debian's netbase, with the versions that have exactly this file. */
export const netbaseFiles: Readonly<Record<string, readonly string[]>> = {
  f6183055fd949f9c53d49ee620f85d0150123ea691d25ed1bba0c641b4ee2f48: ['6.3', '6.4'], // services
  '20c48954659cf753baa383ecde0e6f026fadc06c2c9fbe29d88d928188c3ec17': ['6.5'],
  abf370599716a896eaca6f3f6f168d89c6824c20535e25d85c92d03db90fc9b8: ['6.6'],
  a90a2be9c2a88be6fbfc1fc73ba76f34698377bb19513e5de503dbb0bfe13be1: ['6.3'], // protocols
  '4959498abbadaa1e50894a266f8d0d94500101cfe5b5f09dcad82e9d5bdfab46': ['6.4', '6.5', '6.6'],
  '93b45c797d096a12aadd5395fc9ae9e613a0f5cda58deefa18c79fd40eeeb3f7': ['6.3'], // rpc
  '21947aae2ea47a87606a95250a973e4a19414bab928c88765d2972d5a49d310e': ['6.4', '6.5', '6.6'],
  '7ef160dfc382b5f927dfb41ceea369936239632d2990dba18fdf6737cc6a5220': ['6.3'], // ethertypes
  '1e2811b43ba1fbaf0a04cf4ee794b8078c2ecc65caa1e99308feae127c761c1a': ['6.4'],
  '51f4f288e018d52debf36f4956c1f8e3e87aebf5d33aaba233a97d401fd42ded': ['6.5', '6.6'],
};
