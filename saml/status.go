package saml

import (
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// maxCodes is how many nested status codes are read.
const maxCodes = 8

// readStatus reads the samlp:Status of a response (SAML Core §3.2.2.1). It returns nil when the top level code is
// Success, else the refusal without the secrets. The error is an *InvalidError: there is not exactly one status.
func readStatus(root xmlgate.Element, secrets ...string) (*StatusError, error) {
	status, code, err := topCode(root)
	if err != nil {
		return nil, err
	}
	if value, _ := tokenAttr(code, "Value"); value == string(Success) {
		return nil, nil
	}
	return readCodes(status, code, secrets)
}

// readStatusCodes reads the same status, also the codes below Success.
func readStatusCodes(root xmlgate.Element, secrets ...string) (*StatusError, error) {
	status, code, err := topCode(root)
	if err != nil {
		return nil, err
	}
	return readCodes(status, code, secrets)
}

func topCode(root xmlgate.Element) (status, code xmlgate.Element, err error) {
	if status, err = child(root, nsProtocol, "Status", CheckStatus); err != nil {
		return status, code, err
	}
	if !status.OK() {
		return status, code, refuse(CheckStatus, "there is no Status")
	}
	if code, err = child(status, nsProtocol, "StatusCode", CheckStatus); err != nil {
		return status, code, err
	}
	if !code.OK() {
		return status, code, refuse(CheckStatus, "there is no StatusCode")
	}
	return status, code, nil
}

func readCodes(status, code xmlgate.Element, secrets []string) (*StatusError, error) {
	s := &StatusError{}
	for code.OK() {
		value, _ := tokenAttr(code, "Value")
		if value == "" || len(s.Codes) == maxCodes {
			return nil, refuse(CheckStatus, "a StatusCode has no Value, or over %d are nested", maxCodes)
		}
		if !StatusCode(value).known() {
			value = httpcore.CleanWord(value, secrets...)
		}
		s.Codes = append(s.Codes, StatusCode(value))
		var err error
		if code, err = child(code, nsProtocol, "StatusCode", CheckStatus); err != nil {
			return nil, err
		}
	}
	message, err := child(status, nsProtocol, "StatusMessage", CheckStatus)
	if err != nil {
		return nil, err
	}
	if message.OK() {
		text, _ := message.Text() // a message with elements has no text to show
		s.Message = httpcore.Clean(text, secrets...)
	}
	return s, nil
}
