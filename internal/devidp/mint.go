package devidp

import "fmt"

// Mint signs a token as an agency's issuer without anybody signing in. It
// begins with the header and claims of a good access token for the agency's
// first user and lets edit, which may be nil, make of them what a test needs:
// an expired token, another audience, another type. An alg of "none" leaves the
// token unsigned and HS256 signs with the public key as the secret; any other
// alg must be the agency's own.
func (p *Provider) Mint(agency string, edit func(header, claims map[string]any)) (string, error) {
	i, ok := p.issuers[agency]
	if !ok {
		return "", fmt.Errorf("mint token: no agency %q", agency)
	}
	header := i.key.header(accessTokenType)
	claims := i.accessClaims(i.users[0].subject())
	if edit != nil {
		edit(header, claims)
	}
	token, err := i.key.sign(header, claims)
	if err != nil {
		return "", fmt.Errorf("mint token: %w", err)
	}
	return token, nil
}
