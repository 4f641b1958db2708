package wechat

// SignatureOf is the sum alone, for the documented vector.
var SignatureOf = signatureOf
