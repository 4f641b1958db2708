// The only thing to fill in here, beside the appid in project.config.json.
module.exports = {
  // LINLI_BASE_URL of the server: https, a business domain of this mini-program.
  base: 'https://linli.example',
  // Another number makes phones fetch the page anew.
  version: '1',
}
