/**
 * Words and patterns that published lists of leaked passwords have in common, folded and without look-alike characters
 * (`p@ssw0rd` is `password`). Short ones count too: the rule weighs how much is left beside them.
 */
export const commonPasswords: readonly string[] = [
  ...['password', 'passwort', 'passwd', 'pass', 'secret', 'letmein', 'welcome', 'changeme', 'default', 'login'],
  ...['admin', 'administrator', 'root', 'user', 'guest', 'test', 'temp', 'master', 'access', 'system', 'server'],
  ...['qwerty', 'qwertz', 'azerty', 'qwertyuiop', 'asdfgh', 'asdfghjkl', 'zxcvbn', 'zxcvbnm', 'qazwsx', 'qaz', 'wsx'],
  ...['abc', 'abcdef', 'aaa', 'iloveyou', 'love', 'lovely', 'sunshine', 'princess', 'dragon', 'monkey', 'shadow'],
  ...['football', 'baseball', 'basketball', 'soccer', 'hockey', 'superman', 'batman', 'pokemon', 'starwars', 'naruto'],
  ...['michael', 'jordan', 'jessica', 'ashley', 'charlie', 'daniel', 'thomas', 'robert', 'andrew', 'jennifer'],
  ...['computer', 'internet', 'google', 'facebook', 'microsoft', 'windows', 'apple', 'samsung', 'trustno', 'freedom'],
  ...['whatever', 'flower', 'cookie', 'summer', 'winter', 'spring', 'autumn', 'hello', 'hallo', 'bonjour', 'ninja'],
  ...['mustang', 'harley', 'killer', 'pepper', 'ginger', 'buster', 'tigger', 'hunter', 'ranger', 'correcthorsebattery'],
  ...[
    'january',
    'february',
    'march',
    'april',
    'june',
    'july',
    'august',
    'september',
    'october',
    'november',
    'december',
  ],
];
