// How the dashboard's modules are laid out. Templates of HTML are left as they are written.
export default { printWidth: 120, embeddedLanguageFormatting: "off" };
