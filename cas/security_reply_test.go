package cas

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCAS8RootAndNamespace(t *testing.T) {
	refusals(t, map[string]refusal{
		"document type":        {`<!DOCTYPE a>` + open + success + shut, CheckSyntax, open + success + shut},
		"entity":               {xmlSuccessWith(`<cas:user>&alice;</cas:user>`), CheckSyntax, xmlSuccessWith(`<cas:user>&#97;lice</cas:user>`)},
		"instruction":          {`<?php?>` + open + success + shut, CheckSyntax, `<?xml version="1.0"?>` + open + success + shut},
		"second root":          {open + success + shut + open + shut, CheckSyntax, open + success + shut + "\n"},
		"other namespace":      {strings.Replace(open, "cas\">", "cas2\">", 1) + success + shut, CheckRoot, open + success + shut},
		"no namespace":         {`<serviceResponse><authenticationFailure/></serviceResponse>`, CheckRoot, `<serviceResponse xmlns="http://www.yale.edu/tp/cas"><authenticationFailure/></serviceResponse>`},
		"prefix not declared":  {`<cas:serviceResponse>` + success + shut, CheckSyntax, open + success + shut},
		"wrong root":           {strings.ReplaceAll(open+success+shut, "serviceResponse", "serviceRequest"), CheckRoot, open + success + shut},
		"verdict as root":      {strings.Replace(success, ">", ` xmlns:cas="http://www.yale.edu/tp/cas">`, 1), CheckRoot, open + success + shut},
		"verdict's namespace":  {open + `<x:authenticationFailure xmlns:x="u:1"/>` + shut, CheckVerdict, open + `<x:authenticationFailure xmlns:x="http://www.yale.edu/tp/cas"/>` + shut},
		"user's namespace":     {xmlSuccessWith(`<user>a</user>`), CheckVerdict, xmlSuccessWith(`<user xmlns="http://www.yale.edu/tp/cas">a</user>`)},
		"other prefix":         {`<p:serviceResponse xmlns:p="http://www.yale.edu/tp/CAS"><p:authenticationFailure/></p:serviceResponse>`, CheckRoot, `<p:serviceResponse xmlns:p="http://www.yale.edu/tp/cas"><p:authenticationFailure/></p:serviceResponse>`},
		"JSON: another root":   {`{"ServiceResponse":{"authenticationFailure":{}}}`, CheckRoot, `{"serviceResponse":{"authenticationFailure":{}}}`},
		"JSON: no object":      {`{"serviceResponse":[{"authenticationFailure":{}}]}`, CheckRoot, `{"serviceResponse":{"authenticationFailure":{}}}`},
		"JSON: beside it":      {`{"serviceResponse":{"authenticationFailure":{}},"error":"x"}`, CheckRoot, `{"serviceResponse":{"authenticationFailure":{}}}`},
		"JSON: an empty one":   {`{}`, CheckRoot, `{"serviceResponse":{"authenticationFailure":{}}}`},
		"neither XML nor JSON": {`yes`, CheckSyntax, open + failure + shut},
		"nothing":              {``, CheckSyntax, "\n" + open + failure + shut},
		"JSON list":            {`[{"serviceResponse":{"authenticationFailure":{}}}]`, CheckSyntax, ` {"serviceResponse":{"authenticationFailure":{}}}`},
	})
}

func TestCAS8NoNamespaceByOption(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t, func(c *Config) { c.AllowNoNamespace = true })
	r := refusal{
		`<serviceResponse xmlns="u:1"><authenticationFailure/></serviceResponse>`, CheckRoot,
		`<serviceResponse><authenticationFailure/></serviceResponse>`,
	}
	r.run(t, c)
	_, err := c.read(open+success+shut, ValidateOptions{})
	require.NoError(t, err)
}

func TestCAS9ExactlyOneVerdict(t *testing.T) {
	refusals(t, map[string]refusal{
		"none":               {open + shut, CheckVerdict, open + failure + shut},
		"success, failure":   {open + success + failure + shut, CheckVerdict, open + success + shut},
		"failure, success":   {open + failure + success + shut, CheckVerdict, open + failure + shut},
		"success twice":      {open + success + success + shut, CheckVerdict, open + success + shut},
		"failure twice":      {open + failure + failure + shut, CheckVerdict, open + failure + shut},
		"success in failure": {open + `<cas:authenticationFailure>` + success + `</cas:authenticationFailure>` + shut, CheckFailure, open + `<cas:authenticationFailure>x</cas:authenticationFailure>` + shut},
		"one level down":     {open + `<cas:x>` + success + `</cas:x>` + shut, CheckVerdict, open + success + shut},
		"text beside":        {open + "yes" + failure + shut, CheckVerdict, open + " " + failure + shut},
		"text in success":    {xmlSuccessWith(`bob<cas:user>alice</cas:user>`), CheckVerdict, xmlSuccessWith(` <cas:user>alice</cas:user>`)},
		"proxy success":      {open + `<cas:proxySuccess/>` + shut, CheckVerdict, open + `<cas:authenticationFailure/>` + shut},
		"JSON none":          {`{"serviceResponse":{}}`, CheckVerdict, `{"serviceResponse":{"authenticationFailure":{}}}`},
		"JSON null":          {`{"serviceResponse":{"authenticationFailure":null}}`, CheckVerdict, `{"serviceResponse":{"authenticationFailure":{},"authenticationSuccess":null}}`},
		"JSON text":          {`{"serviceResponse":{"authenticationFailure":"no"}}`, CheckVerdict, `{"serviceResponse":{"authenticationFailure":{"description":"no"}}}`},
		"JSON unknown":       {`{"serviceResponse":{"authenticationFailure":{},"x":{}}}`, CheckVerdict, `{"serviceResponse":{"authenticationFailure":{"x":{}}}}`},
		"JSON code":          {`{"serviceResponse":{"authenticationFailure":{"code":1}}}`, CheckFailure, `{"serviceResponse":{"authenticationFailure":{"code":"1"}}}`},
	})
}

func TestCAS10User(t *testing.T) {
	refusals(t, map[string]refusal{
		"missing":          {xmlSuccessWith(``), CheckUser, xmlSuccessWith(`<cas:user>a</cas:user>`)},
		"empty":            {xmlSuccessWith(`<cas:user/>`), CheckUser, xmlSuccessWith(`<cas:user>a</cas:user>`)},
		"blank":            {xmlSuccessWith(`<cas:user> </cas:user>`), CheckUser, xmlSuccessWith(`<cas:user>a</cas:user>`)},
		"padded":           {xmlSuccessWith(`<cas:user>a </cas:user>`), CheckUser, xmlSuccessWith(`<cas:user>a b</cas:user>`)},
		"twice":            {xmlSuccessWith(`<cas:user>a</cas:user><cas:user>a</cas:user>`), CheckUser, xmlSuccessWith(`<cas:user>a</cas:user><cas:uses>a</cas:uses>`)},
		"with elements":    {xmlSuccessWith(`<cas:user>a<cas:b/></cas:user>`), CheckUser, xmlSuccessWith(`<cas:user>a</cas:user><cas:b/>`)},
		"with a comment":   {xmlSuccessWith(`<cas:user>ad<!---->min</cas:user>`), CheckSyntax, xmlSuccessWith(`<!----><cas:user>admin</cas:user>`)},
		"split by CDATA":   {xmlSuccessWith(`<cas:user>ad<![CDATA[min]]></cas:user>`), CheckSyntax, xmlSuccessWith(`<cas:user><![CDATA[admin]]></cas:user>`)},
		"in attributes":    {xmlSuccessWith(`<cas:attributes><cas:user>a</cas:user></cas:attributes>`), CheckUser, xmlSuccessWith(`<cas:attributes><cas:user>a</cas:user></cas:attributes><cas:user>b</cas:user>`)},
		"JSON missing":     {jsonSuccessWith(`"attributes":{"user":"a"}`), CheckUser, jsonSuccessWith(`"user":"b","attributes":{"user":"a"}`)},
		"JSON empty":       {jsonSuccessWith(`"user":""`), CheckUser, jsonSuccessWith(`"user":"a"`)},
		"JSON padded":      {jsonSuccessWith(`"user":"\ta"`), CheckUser, jsonSuccessWith(`"user":"a"`)},
		"JSON control":     {jsonSuccessWith(`"user":"a\u0000b"`), CheckUser, jsonSuccessWith(`"user":"a\u0030b"`)},
		"JSON other case":  {jsonSuccessWith(`"User":"a"`), CheckUser, jsonSuccessWith(`"user":"a"`)},
		"JSON long s":      {jsonSuccessWith(`"u\u017fer":"a"`), CheckUser, jsonSuccessWith(`"u\u0073er":"a"`)},
		"JSON not a text":  {jsonSuccessWith(`"user":{"user":"a"}`), CheckUser, jsonSuccessWith(`"user":"a"`)},
		"JSON null":        {jsonSuccessWith(`"user":null`), CheckUser, jsonSuccessWith(`"user":"null"`)},
		"JSON number":      {jsonSuccessWith(`"user":1`), CheckUser, jsonSuccessWith(`"user":"1"`)},
		"JSON list of one": {jsonSuccessWith(`"user":["a"]`), CheckUser, jsonSuccessWith(`"user":"a"`)},
	})
}

func TestCAS10AnAttributeIsNeverTheUser(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	for _, body := range []string{
		xmlSuccessWith(`<cas:user>alice</cas:user><cas:attributes><cas:user>bob</cas:user></cas:attributes>`),
		xmlSuccessWith(`<cas:attribute name="user" value="bob"/><cas:user>alice</cas:user>`),
		jsonSuccessWith(`"attributes":{"user":"bob"},"user":"alice","User":"eve"`),
	} {
		got, err := c.read(body, ValidateOptions{})
		require.NoError(t, err)
		assert.Equal(t, "alice", got.Success.User)
		assert.Equal(t, "bob", got.Success.Attributes.Text("user"))
	}
}

func TestCAS11FailureTextIsCleaned(t *testing.T) {
	t.Parallel()
	got, err := play(t, "ticket_echoed").ValidateTicketV2(t.Context(), testTicket, testService)
	require.NoError(t, err)
	assert.Equal(t, `ticket [redacted]\n<b> not recognized`, got.Failure.Description)
	assert.EqualError(t, got.Failure, `cas: the server refused: INVALID_TICKET: ticket [redacted]\n<b> not recognized`)
	assert.ErrorIs(t, got.Failure, InvalidTicket)
	assert.NotErrorIs(t, got.Failure, InvalidService)

	f, err := jsonFailure(mustParse(t, `{"description":"`+strings.Repeat("x", 300)+`"}`))
	require.NoError(t, err)
	f.finish(okReply(), testTicket)
	assert.LessOrEqual(t, len(f.Description), 256)
}

func TestCAS12JSON(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	refusals(t, map[string]refusal{
		"user twice":        {jsonSuccessWith(`"user":"a","user":"a"`), CheckSyntax, jsonSuccessWith(`"user":"a","User":"a"`)},
		"attribute twice":   {jsonSuccessWith(`"user":"a","attributes":{"b":1,"\u0062":1}`), CheckSyntax, jsonSuccessWith(`"user":"a","attributes":{"b":1,"c":1}`)},
		"verdict twice":     {`{"serviceResponse":{"authenticationFailure":{},"authenticationFailure":{}}}`, CheckSyntax, `{"serviceResponse":{"authenticationFailure":{}}}`},
		"trailing data":     {jsonSuccessWith(`"user":"a"`) + "{}", CheckSyntax, jsonSuccessWith(`"user":"a"`) + "\r\n"},
		"both":              {`{"serviceResponse":{"authenticationFailure":{},"authenticationSuccess":{"user":"a"}}}`, CheckVerdict, `{"serviceResponse":{"authenticationFailure":{}}}`},
		"depth":             {jsonSuccessWith(`"user":"a","attributes":{"b":` + nested(29) + `}`), CheckSyntax, jsonSuccessWith(`"user":"a","attributes":{"b":` + nested(28) + `}`)},
		"depth, not read":   {jsonSuccessWith(`"user":"a","b":` + nested(30)), CheckSyntax, jsonSuccessWith(`"user":"a","b":` + nested(29))},
		"brackets in texts": {jsonSuccessWith(`"user":"a","b":"\"` + nested(40)), CheckSyntax, jsonSuccessWith(`"user":"a","b":"\"` + nested(40) + `"`)},
		"attributes a list": {jsonSuccessWith(`"user":"a","attributes":[]`), CheckAttributes, jsonSuccessWith(`"user":"a","attributes":{}`)},
		"attributes null":   {jsonSuccessWith(`"user":"a","attributes":"null"`), CheckAttributes, jsonSuccessWith(`"user":"a","attributes":null`)},
		"byte order mark":   {"\ufeff" + jsonSuccessWith(`"user":"a"`), CheckSyntax, jsonSuccessWith(`"user":"a"`)},
		"not UTF-8":         {jsonSuccessWith("\"user\":\"\xff\""), CheckSyntax, jsonSuccessWith("\"user\":\"\u00ff\"")},
	})
}

func TestCAS12XMLWhenJSONWasAsked(t *testing.T) {
	t.Parallel()
	got, err := play(t, "xml_when_json_was_asked").ValidateTicketV2(t.Context(), testTicket, testService, ValidateOptions{Format: FormatJSON})
	require.NoError(t, err)
	assert.Equal(t, "test1@123.com", got.Success.User)
}

func TestCAS13ProxiesAreNotAllowed(t *testing.T) {
	refusals(t, map[string]refusal{
		"a proxy":        {xmlSuccessWith(`<cas:user>a</cas:user><cas:proxies><cas:proxy>https://p.example</cas:proxy></cas:proxies>`), CheckProxies, xmlSuccessWith(`<cas:user>a</cas:user><cas:proxies> </cas:proxies>`)},
		"proxies twice":  {xmlSuccessWith(`<cas:user>a</cas:user><cas:proxies/><cas:proxies/>`), CheckProxies, xmlSuccessWith(`<cas:user>a</cas:user><cas:proxies/>`)},
		"not a proxy":    {xmlSuccessWith(`<cas:user>a</cas:user><cas:proxies><cas:x>y</cas:x></cas:proxies>`), CheckProxies, xmlSuccessWith(`<cas:user>a</cas:user><cas:proxies></cas:proxies>`)},
		"text":           {xmlSuccessWith(`<cas:user>a</cas:user><cas:proxies>https://p.example</cas:proxies>`), CheckProxies, xmlSuccessWith(`<cas:user>a</cas:user><cas:proxies/>`)},
		"IOU twice":      {xmlSuccessWith(`<cas:user>a</cas:user><cas:proxyGrantingTicket>b</cas:proxyGrantingTicket><cas:proxyGrantingTicket/>`), CheckProxies, xmlSuccessWith(`<cas:user>a</cas:user><cas:proxyGrantingTicket>b</cas:proxyGrantingTicket>`)},
		"IOU nested":     {xmlSuccessWith(`<cas:user>a</cas:user><cas:proxyGrantingTicket><cas:b/></cas:proxyGrantingTicket>`), CheckProxies, xmlSuccessWith(`<cas:user>a</cas:user><cas:proxyGrantingTicket/>`)},
		"JSON a proxy":   {jsonSuccessWith(`"user":"a","proxies":["https://p.example"]`), CheckProxies, jsonSuccessWith(`"user":"a","proxies":[]`)},
		"JSON a text":    {jsonSuccessWith(`"user":"a","proxies":"https://p.example"`), CheckProxies, jsonSuccessWith(`"user":"a","proxies":null`)},
		"JSON a null":    {jsonSuccessWith(`"user":"a","proxies":[null]`), CheckProxies, jsonSuccessWith(`"user":"a","proxies":[]`)},
		"JSON IOU a one": {jsonSuccessWith(`"user":"a","proxyGrantingTicket":1`), CheckProxies, jsonSuccessWith(`"user":"a","proxyGrantingTicket":"1"`)},
	})
}

// Every lost character becomes U+FFFD, so two users could become one.
func TestCAS10UsersWithLostCharacters(t *testing.T) {
	refusals(t, map[string]refusal{
		"half of a pair":    {jsonSuccessWith(`"user":"al\ud800ice"`), CheckUser, jsonSuccessWith(`"user":"al\ud800\udc00ice"`)},
		"the other half":    {jsonSuccessWith(`"user":"al\udc00ice"`), CheckUser, jsonSuccessWith(`"user":"al\u00dcice"`)},
		"U+FFFD in XML":     {xmlSuccessWith(`<cas:user>al�ice</cas:user>`), CheckUser, xmlSuccessWith(`<cas:user>alÜice</cas:user>`)},
		"half of a proxy":   {jsonSuccessWith(`"user":"a","proxies":["https://p.example/\ud800"]`), CheckProxies, jsonSuccessWith(`"user":"a","proxies":[]`)},
		"half in the IOU":   {jsonSuccessWith(`"user":"a","proxyGrantingTicket":"PGTIOU-\ud800"`), CheckProxies, jsonSuccessWith(`"user":"a","proxyGrantingTicket":"PGTIOU-\ud800\udc00"`)},
		"a reference to it": {xmlSuccessWith(`<cas:user>al&#xFFFD;ice</cas:user>`), CheckUser, xmlSuccessWith(`<cas:user>al&#xDC;ice</cas:user>`)},
	})
}
