package wire

import (
	"encoding"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// OpenAPI returns the description of umdeck/v1 as an OpenAPI 3.1 document. It is
// made from the endpoints themselves, so that it cannot say anything else.
func OpenAPI() ([]byte, error) {
	d := describer{schemas: object{}}
	paths := object{}
	for _, s := range shapes() {
		path, ok := paths[s.route.Path].(object)
		if !ok {
			path = object{}
			paths[s.route.Path] = path
		}
		path[strings.ToLower(s.route.Method)] = d.operation(s)
	}
	d.schemas["Error"] = d.schema(reflect.TypeFor[ErrorBody]())
	return Marshal(object{
		"openapi": "3.1.0",
		"info": object{
			"title": Namespace, "version": "1",
			"description": "Everything that umdeck can do with a site. Each operation names the WordPress capability that it needs.",
		},
		"servers":  []object{{"url": Root}},
		"security": []object{{"applicationPassword": []string{}}},
		"paths":    paths,
		"components": object{
			"schemas":         d.schemas,
			"securitySchemes": object{"applicationPassword": object{"type": "http", "scheme": "basic"}},
		},
	})
}

type object map[string]any

// A describer collects the schemas of named types on its way.
type describer struct{ schemas object }

func (d describer) operation(s shape) object {
	op := object{"operationId": s.route.Name, "x-capability": s.route.Needs}
	parameters, hasBody := d.parameters(s.in)
	if len(parameters) > 0 {
		op["parameters"] = parameters
	}
	if hasBody {
		op["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": d.schema(s.in)}}}
	}
	kind := "application/json"
	if s.route.Name == Watch.Name {
		kind = EventStream
		op["description"] = "A stream of server-sent events. The data of an event named log is a list of entries and its id the number of the last one; the header " + LastEventID + " resumes after it. An event named error ends the stream."
	}
	out := d.schema(s.out)
	switch s.route.Name {
	case UploadFile.Name:
		op["requestBody"] = object{"required": true, "content": object{OctetStream: object{}}}
	case OpenFile.Name:
		kind, out = OctetStream, object{}
		op["description"] = "The body is the file as it is; the header " + FileHeader + " has its description as JSON in the encoding of RFC 2047."
	}
	op["responses"] = object{
		strconv.Itoa(s.route.Status): object{"description": "Done.", "content": object{kind: object{"schema": out}}},
		"default":                    object{"description": "Not done.", "content": object{"application/json": object{"schema": reference("Error")}}},
	}
	return op
}

func (d describer) parameters(in reflect.Type) (list []object, hasBody bool) {
	for f := range in.Fields() {
		name, place := placeOf(f)
		if place == inBody {
			hasBody = true
			continue
		}
		p := object{"name": name, "in": "query", "schema": d.schema(f.Type)}
		if place == inPath {
			p["in"], p["required"] = "path", true
		}
		list = append(list, p)
	}
	return list, hasBody
}

func reference(name string) object { return object{"$ref": "#/components/schemas/" + name} }

func (d describer) schema(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[Value]():
		return object{"oneOf": []object{{"type": "string"}, {"type": "array", "items": object{"type": "string"}}}}
	case reflect.TypeFor[Payload]():
		return object{"type": "object"}
	case reflect.TypeFor[[]byte]():
		return object{"type": "string", "contentEncoding": "base64"}
	}
	if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return object{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return d.schema(t.Elem())
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Slice:
		return object{"type": "array", "items": d.schema(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": d.schema(t.Elem())}
	case reflect.Struct:
		return d.structSchema(t)
	default:
		panic("wire: no schema for " + t.String())
	}
}

func (d describer) structSchema(t reflect.Type) object {
	if _, done := d.schemas[t.Name()]; done {
		return reference(t.Name())
	}
	d.schemas[t.Name()] = nil // so that a type within itself ends
	properties, required := object{}, []string{}
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		properties[name] = d.schema(f.Type)
		if options == "" {
			required = append(required, name)
		}
	}
	s := object{"type": "object", "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	d.schemas[t.Name()] = s
	return reference(t.Name())
}
