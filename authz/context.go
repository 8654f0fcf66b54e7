package authz

import "context"

type capacityKey struct{}

// WithCapacity says in whose name everything under ctx is done.
func WithCapacity(ctx context.Context, capacity Capacity) context.Context {
	return context.WithValue(ctx, capacityKey{}, capacity)
}

// CapacityFrom is the capacity ctx is under. Without one it is the empty
// capacity, which no cell of the policy allows anything, and false.
func CapacityFrom(ctx context.Context) (Capacity, bool) {
	capacity, ok := ctx.Value(capacityKey{}).(Capacity)
	return capacity, ok
}
