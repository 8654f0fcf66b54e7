package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts requests, and what of the data is of an older form. Its labels come
// from closed lists (status, code, kind of operation or record), never from a request.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	errors   *prometheus.CounterVec
	duration *prometheus.HistogramVec
	bytes    prometheus.Counter
	older    *prometheus.GaugeVec
}

// NewMetrics starts counting from nothing.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "accord_requests_total", Help: "Requests answered, operations and files, by HTTP status.",
		}, []string{"status"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "accord_request_errors_total", Help: "Answers that carry an error, by error code; an answer counts once for each code.",
		}, []string{"code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "accord_request_duration_seconds", Help: "Time from the first byte of a request read to its answer, by kind of operation: query, mutation, upload, download.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20},
		}, []string{"operation"}),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "accord_answer_bytes_total", Help: "Bytes of the bodies of answers.",
		}),
		older: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "accord_older_records", Help: "Records of an older form, by kind; 1001 stands for more than 1,000.",
		}, []string{"kind"}),
	}
	m.registry.MustRegister(m.requests, m.errors, m.duration, m.bytes, m.older,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler shows the metrics. It is for a listener of its own: what is counted is
// for those who run Accord, not for those who use it.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// ShowOlder shows how many records of a kind are of an older form.
func (m *Metrics) ShowOlder(kind string, count int) {
	m.older.WithLabelValues(kind).Set(float64(count))
}

func (m *Metrics) observe(outcome Outcome, took time.Duration) {
	if m == nil {
		return
	}
	m.requests.WithLabelValues(strconv.Itoa(outcome.Status)).Inc()
	for _, code := range outcome.Codes {
		m.errors.WithLabelValues(code).Inc()
	}
	operation := outcome.Operation
	if operation == "" {
		operation = "none"
	}
	m.duration.WithLabelValues(operation).Observe(took.Seconds())
	m.bytes.Add(float64(outcome.Bytes))
}
