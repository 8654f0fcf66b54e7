package server

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// WatchJobs shows, whenever the metrics are asked for, how long the oldest job that is
// due has been waiting and how many turns in a row have failed, by the name of the job:
// a closed list. It is called once.
func (m *Metrics) WatchJobs(overdue func() time.Duration, failures func() map[string]int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "accord_jobs_overdue_seconds", Help: "For how long the job has been due that is due for longest and that nobody is at.",
	}, func() float64 { return overdue().Seconds() }), failedJobs{failures})
}

// failedJobs collects the turns that have failed in a row.
type failedJobs struct{ failures func() map[string]int }

var failedTurns = prometheus.NewDesc("accord_job_failures",
	"Turns of a job that have failed in a row, by the name of the job.", []string{"job"}, nil)

// Describe implements prometheus.Collector.
func (failedJobs) Describe(described chan<- *prometheus.Desc) { described <- failedTurns }

// Collect implements prometheus.Collector.
func (f failedJobs) Collect(collected chan<- prometheus.Metric) {
	for job, count := range f.failures() {
		collected <- prometheus.MustNewConstMetric(failedTurns, prometheus.GaugeValue, float64(count), job)
	}
}
