package cas_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

// A value is converted only on request, and a value that cannot be converted is an error.
func ExampleValue() {
	reply, err := client(`{"serviceResponse":{"authenticationSuccess":{"user":"alice","attributes":{
		"staff":true,"uid":"1042","memberOf":["admin","dev"],"since":"2024-03-01T08:00:00+01:00","address":{"country":"NL"}}}}}`).
		ValidateTicketV2(context.Background(), "ST-1-aA5Yuvrxzpv8Tau1cYQ7", "")
	if err != nil || reply.Success == nil {
		fmt.Println("not logged in:", err)
		return
	}
	get := func(name string) cas.Value {
		v, _ := reply.Success.Attributes.Get(name)
		return v
	}
	staff, err := get("staff").Bool()
	fmt.Println(get("staff").Kind(), staff, err)
	uid, err := get("uid").Int64()
	fmt.Println(get("uid").Kind(), uid, err)
	since, err := get("since").Time()
	fmt.Println(since.Format(time.DateOnly), err)
	fmt.Println(len(get("memberOf").Values()), get("address").Object().Text("country"))
	_, err = get("memberOf").Int64()
	fmt.Println(err)
	// Output:
	// a boolean true <nil>
	// a string 1042 <nil>
	// 2024-03-01 <nil>
	// 2 NL
	// cas: the attribute is a list, not a whole number
}

func ExampleServiceResponse_Bytes() {
	reply, err := client(`{"serviceResponse":{"authenticationSuccess":{"user":"alice"}}}`).
		ValidateTicketV2(context.Background(), "ST-1-aA5Yuvrxzpv8Tau1cYQ7", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n", reply.Bytes())
	// Output: {"serviceResponse":{"authenticationSuccess":{"user":"alice"}}}
}

func ExampleFailure_Temporary() {
	for _, code := range []cas.FailureCode{cas.InternalError, cas.InvalidTicket} {
		failure := &cas.Failure{StatusCode: 200, Code: code}
		fmt.Println(code, failure.Temporary())
	}
	// Output:
	// INTERNAL_ERROR true
	// INVALID_TICKET false
}
