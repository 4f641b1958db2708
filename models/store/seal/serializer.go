package seal

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"gorm.io/gorm/schema"
)

type contextKey struct{}

// Into puts the keyring where the serializer finds it. GORM's serializers are
// registered once a process; the key belongs to a store, so it travels with
// the statement.
func Into(ctx context.Context, k *Keyring) context.Context {
	return context.WithValue(ctx, contextKey{}, k)
}

func init() { schema.RegisterSerializer("seal", serializer{}) }

// serializer seals text and bytes as they are and anything else as JSON.
type serializer struct{}

func (serializer) Scan(ctx context.Context, field *schema.Field, row reflect.Value, stored any) error {
	sealed, ok := stored.([]byte)
	if !ok && stored != nil {
		return fmt.Errorf("seal: %s.%s holds %T", field.Schema.Table, field.DBName, stored)
	}
	k, place, err := where(ctx, field, row)
	if err != nil {
		return err
	}
	text, err := k.Open(place, sealed)
	if err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	target := field.ReflectValueOf(ctx, row)
	switch {
	case target.Kind() == reflect.String:
		target.SetString(text)
		return nil
	case target.Type() == reflect.TypeFor[[]byte]():
		target.SetBytes([]byte(text))
		return nil
	}
	target.SetZero()
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), target.Addr().Interface())
}

func (serializer) Value(ctx context.Context, field *schema.Field, row reflect.Value, value any) (any, error) {
	k, place, err := where(ctx, field, row)
	if err != nil {
		return nil, err
	}
	if raw, ok := value.([]byte); ok {
		return k.Seal(place, string(raw)), nil
	}
	if v := reflect.ValueOf(value); v.Kind() == reflect.String {
		return k.Seal(place, v.String()), nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return k.Seal(place, string(text)), nil
}

// where names the place of a value: table, column and row. The id comes first
// in every table, so it is read before what is sealed under it.
func where(ctx context.Context, field *schema.Field, row reflect.Value) (*Keyring, string, error) {
	k, ok := ctx.Value(contextKey{}).(*Keyring)
	if !ok {
		return nil, "", fmt.Errorf("seal: no key in the context of %s", field.Schema.Table)
	}
	id, zero := field.Schema.PrioritizedPrimaryField.ValueOf(ctx, row)
	if zero {
		return nil, "", fmt.Errorf("seal: %s.%s without a row id", field.Schema.Table, field.DBName)
	}
	return k, fmt.Sprintf("%s.%s/%v", field.Schema.Table, field.DBName, id), nil
}
